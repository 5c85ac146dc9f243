// The picture: arcs, arrows and nodes in one SVG that pointer, keys and screen readers work.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";

import { arc, arcs, arrow, frameOf, halfWidth } from "../graph/geometry";
import type { Frame } from "../graph/geometry";
import type { Scene, Variable } from "../graph/types";
import { find } from "../graph/types";
import { onKey } from "./keys";
import { NodeView } from "./NodeView";
import type { Stage } from "./stage";
import { usePointer } from "./pointer";

interface Props {
  readonly stage: Stage;
  readonly label: string;
  readonly onRename?: (name: string) => void;
  readonly onHelp?: () => void;
  /** A picture: nothing in it can be chosen or moved. */
  readonly isLookedAt?: boolean;
}

export function Graph({ stage, label, onRename, onHelp, isLookedAt = false }: Props): JSX.Element {
  const svg = useRef<SVGSVGElement>(null);
  const frame = useSignal<Frame | null>(null);
  const scene = stage.scene.value;
  const nodes = stage.nodes.value;
  const pointer = usePointer(stage, svg, frame);
  const shown = frame.value ?? frameOf(scene, nodes);
  const focus = stage.focus.value;

  useEffect(() => {
    if (focus !== null) svg.current?.querySelector<SVGGElement>(`[data-node="${CSS.escape(focus)}"]`)?.focus();
  }, [focus]);

  const first = nodes.some((v) => v.name === focus) ? focus : (nodes[0]?.name ?? null);
  const classes = `graph mode-${stage.mode.value}${stage.isClassic.value ? " classic" : ""}${stage.highlight.value.length ? " tracing" : ""}`;
  return (
    <svg
      ref={svg}
      class={classes}
      viewBox={`${shown.x} ${shown.y} ${shown.width} ${shown.height}`}
      role={isLookedAt ? "img" : "group"}
      aria-label={label}
      {...(isLookedAt ? {} : { onKeyDown: (event: KeyboardEvent) => onKey(event, stage, { onRename, onHelp }), ...pointer.handlers })}
    >
      <defs>
        {["plain", "causal", "bias", "cut"].map((kind) => (
          <marker key={kind} id={`head-${kind}`} class={`head head-${kind}`} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse">
            <path d="M0 0 10 5 0 10Z" />
          </marker>
        ))}
      </defs>
      <Arrows stage={stage} scene={scene} nodes={nodes} />
      {pointer.line.value && <path class="drawing" d={pointer.line.value} />}
      {nodes.map((v) => (
        <NodeView key={v.name} variable={v} stage={stage} canTab={v.name === first} isLookedAt={isLookedAt} />
      ))}
    </svg>
  );
}

function Arrows({ stage, scene, nodes }: { stage: Stage; scene: Scene; nodes: readonly Variable[] }): JSX.Element {
  const shown = new Set(nodes.map((v) => v.name));
  const centre = middle(nodes);
  const trace = stage.highlight.value;
  return (
    <g aria-hidden="true">
      {!stage.showHidden.value &&
        arcs(scene).map(({ hidden, ends: [a, b] }) => {
          const cut = [a, b].filter((v) => v.name in scene.acts);
          const isTraced = isStep(trace, a.name, b.name);
          return (
            <path
              key={hidden.name}
              data-arc={`${a.name} ${b.name}`}
              class={`edge arc${cut.length ? " cut" : ""}${isTraced ? " traced" : ""}`}
              d={arc(a, b, centre).path}
              marker-start={a.name in scene.acts ? undefined : "url(#head-plain)"}
              marker-end={b.name in scene.acts ? undefined : "url(#head-plain)"}
            />
          );
        })}
      {nodes.flatMap((to) =>
        to.parents
          .filter((p) => shown.has(p))
          .map((p) => {
            const kind = arrowKind(stage, scene, p, to.name);
            return (
              <path
                key={`${p}>${to.name}`}
                data-arrow={`${p} ${to.name}`}
                class={`edge arrow ${kind}${isStep(trace, p, to.name) ? " traced" : ""}`}
                d={arrow(find(scene, p), to, nodes).path}
                marker-end={`url(#head-${kind})`}
              />
            );
          }),
      )}
      {openedPairs(scene).map(([a, b]) => (
        <path key={`${a.name}-${b.name}`} class="opened" d={`M${a.x} ${a.y + 4}L${b.x} ${b.y + 4}`} />
      ))}
    </g>
  );
}

/** Cut where the effect is set by force; in the classic theme causal and biasing paths differ. */
function arrowKind(stage: Stage, scene: Scene, from: string, to: string): "plain" | "causal" | "bias" | "cut" {
  if (to in scene.acts) return "cut";
  if (!stage.isClassic.value || !scene.treatment || !scene.outcome) return "plain";
  const down = below(scene, scene.treatment);
  const up = above(scene, scene.outcome);
  if (down.has(from) && up.has(to) && down.has(to)) return "causal";
  if (above(scene, scene.treatment).has(to) && up.has(from) && !scene.adjusted.includes(from)) return "bias";
  return "plain";
}

export function below(scene: Scene, name: string): Set<string> {
  const found = new Set([name]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const v of scene.variables)
      if (!found.has(v.name) && v.parents.some((p) => found.has(p))) grew = !!found.add(v.name);
  }
  return found;
}

export function above(scene: Scene, name: string): Set<string> {
  const found = new Set<string>();
  const queue = [name];
  for (const next of queue) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...find(scene, next).parents);
  }
  return found;
}

/** The parents that conditioning on a collider joins. */
function openedPairs(scene: Scene): [Variable, Variable][] {
  const boxes = new Set([...scene.adjusted, ...Object.keys(scene.given), ...scene.selected]);
  return scene.variables
    .filter((v) => boxes.has(v.name) && !(v.name in scene.acts))
    .flatMap((v) => {
      const parents = v.parents.map((p) => find(scene, p)).filter((p) => !p.latent);
      return parents.flatMap((a, i) => parents.slice(i + 1).map((b): [Variable, Variable] => [a, b]));
    });
}

function isStep(trace: readonly string[], a: string, b: string): boolean {
  return trace.some((name, i) => i > 0 && ((name === a && trace[i - 1] === b) || (name === b && trace[i - 1] === a)));
}

function middle(nodes: readonly Variable[]): { x: number; y: number } {
  const total = Math.max(nodes.length, 1);
  return {
    x: nodes.reduce((sum, v) => sum + v.x, 0) / total + halfWidth("") / 1000,
    y: nodes.reduce((sum, v) => sum + v.y, 0) / total,
  };
}
