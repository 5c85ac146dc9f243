// One node: a button with a name, a state in words, and marks that do not rely on colour.

import type { JSX } from "preact";

import { halfWidth, HEIGHT, shortened } from "../graph/geometry";
import type { Scene, Variable } from "../graph/types";
import { three } from "../shell/words";
import { above } from "./Graph";
import { spelled } from "./stage";
import type { Stage } from "./stage";

interface Props {
  readonly variable: Variable;
  readonly stage: Stage;
  readonly canTab: boolean;
  readonly isLookedAt: boolean;
}

export function NodeView({ variable: v, stage, canTab, isLookedAt }: Props): JSX.Element {
  const scene = stage.scene.value;
  const half = halfWidth(v.name);
  const isBoxed = scene.adjusted.includes(v.name) || v.name in scene.given || scene.selected.includes(v.name);
  const act = scene.acts[v.name];
  const given = scene.given[v.name];
  const classes = [
    "node",
    v.latent && "latent",
    act !== undefined && "done",
    isBoxed && "boxed",
    v.name === scene.treatment && "treatment",
    v.name === scene.outcome && "outcome",
    stage.from.value?.name === v.name && "linking",
    stage.highlight.value.includes(v.name) && "traced",
    ...(stage.isClassic.value ? [ancestry(scene, v)] : []),
  ];
  const below = act !== undefined ? `do${spelled(act).replace("=", " = ")}` : given !== undefined ? `given ${given}` : "";
  return (
    <g
      class={classes.filter(Boolean).join(" ")}
      data-node={v.name}
      transform={`translate(${v.x} ${v.y})`}
      {...(isLookedAt
        ? {}
        : { role: "button", tabindex: canTab ? 0 : -1, "aria-label": labelled(stage, v, below), onFocus: () => (stage.focus.value = v.name) })}
    >
      <title>{v.name}</title>
      {isBoxed ? (
        <rect class="shape" x={-half} y={-HEIGHT / 2} width={2 * half} height={HEIGHT} rx="3" />
      ) : (
        <ellipse class="shape" rx={half} ry={HEIGHT / 2} />
      )}
      {v.name === scene.treatment && <path class="mark" d="M-4 -18l8 4-8 4z" />}
      {v.name === scene.outcome && <path class="mark" d="M-1.7 -18h3.4v8h-3.4z" />}
      {scene.selected.includes(v.name) && <text class="role" x={half - 9} y={-7}>S</text>}
      <text class="name" dy="0.35em">{shortened(v.name)}</text>{" "}
      {below && " "}
      {below && <text class="setting" y={HEIGHT / 2 + 15}>{below}</text>}
      {!below && <Monitor variable={v} stage={stage} half={half} />}
    </g>
  );
}

/** The node in words, with the number that stands below it. */
function labelled(stage: Stage, v: Variable, below: string): string {
  const state = v.states.at(-1) ?? "";
  const p = v.latent ? undefined : stage.marginals.value[v.name]?.[state];
  const shown = below || (p === undefined ? "" : `${state} ${three(p)}`);
  return spoken(stage.scene.value, v).replace(v.name, shown ? `${v.name} ${shown}` : v.name);
}

/** How likely the last state is in the world as it is drawn: a bar and the number. */
function Monitor({ variable: v, stage, half }: { variable: Variable; stage: Stage; half: number }): JSX.Element | null {
  const state = v.states.at(-1) ?? "";
  const p = stage.marginals.value[v.name]?.[state];
  if (p === undefined || v.latent) return null;
  const wide = Math.min(half * 2 - 16, 60);
  return (
    <g class="monitor" aria-hidden="true">
      <rect class="track" x={-wide / 2} y={HEIGHT / 2 + 4} width={wide} height="4" rx="2" />
      <rect class="level" x={-wide / 2} y={HEIGHT / 2 + 4} width={wide * p} height="4" rx="2" />
      <text class="number" y={HEIGHT / 2 + 20} data-marginal={v.name}>{`${state} ${three(p)}`}</text>
    </g>
  );
}

function ancestry(scene: Scene, v: Variable): string {
  const [x, y] = [scene.treatment, scene.outcome];
  const ofX = x !== null && above(scene, x).has(v.name);
  const ofY = y !== null && above(scene, y).has(v.name);
  return ofX && ofY ? "of-both" : ofX ? "of-treatment" : ofY ? "of-outcome" : "of-none";
}

/** The node in words: what it is, what is done with it, and its causes. */
export function spoken(scene: Scene, v: Variable): string {
  const act = scene.acts[v.name];
  const parts = [
    v.latent && "hidden",
    v.name === scene.treatment && "treatment",
    v.name === scene.outcome && "outcome",
    scene.adjusted.includes(v.name) && "adjusted for",
    scene.selected.includes(v.name) && "selected on",
    act !== undefined && `set by force: do(${v.name}${spelled(act)})`,
    v.name in scene.given && `given ${scene.given[v.name]}`,
    v.parents.length ? `causes: ${v.parents.join(", ")}` : "no causes",
  ];
  return [v.name, ...parts.filter(Boolean)].join(", ");
}
