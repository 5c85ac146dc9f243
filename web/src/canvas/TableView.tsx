// The graph as a table: the same commands without a picture, for readers, keyboards and phones.

import type { JSX } from "preact";

import { arcs } from "../graph/geometry";
import type { Scene, Variable } from "../graph/types";
import { childrenOf, isArc } from "../graph/types";
import { three } from "../shell/words";
import { nextAct } from "../graph/commands";
import type { Stage } from "./stage";
import { spelled } from "./stage";

export function TableView({ stage }: { stage: Stage }): JSX.Element {
  const scene = stage.scene.value;
  const shown = scene.variables.filter((v) => !isArc(scene, v));
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="The graph as a table">
      <table class="graph-table">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Marks</th>
            <th scope="col">Causes</th>
            <th scope="col">Effects</th>
            <th scope="col">Hidden common causes with</th>
            <th scope="col">Probabilities</th>
            <th scope="col">Act</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((v) => (
            <Row key={v.name} stage={stage} scene={scene} v={v} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ stage, scene, v }: { stage: Stage; scene: Scene; v: Variable }): JSX.Element {
  const hidden = new Set(scene.variables.filter((u) => isArc(scene, u)).map((u) => u.name));
  const causes = v.parents.filter((p) => !hidden.has(p));
  const partners = arcs(scene)
    .filter(({ ends }) => ends.some((e) => e.name === v.name))
    .map(({ ends }) => ends.find((e) => e.name !== v.name)?.name ?? "");
  const marginal = stage.marginals.value[v.name];
  const next = nextAct(scene, v.name);
  return (
    <tr>
      <th scope="row">{v.name}</th>
      <td>{marks(scene, v).join(", ")}</td>
      <td>
        <Names names={causes} label={(p) => `remove ${p} → ${v.name}`} onRemove={stage.canEdit ? (p) => stage.join(p, v.name, "arrow") : undefined} />
      </td>
      <td>{childrenOf(scene, v.name).map((c) => c.name).join(", ")}</td>
      <td>
        <Names names={partners} label={(p) => `remove ${v.name} ↔ ${p}`} onRemove={stage.canEdit ? (p) => stage.join(v.name, p, "hidden") : undefined} />
      </td>
      <td>{marginal && !v.latent ? Object.entries(marginal).map(([s, p]) => `${s} ${three(p)}`).join(", ") : ""}</td>
      <td>
        <button type="button" onClick={() => stage.cycleAct(v.name)}>
          {next === null ? `free ${v.name}` : `do(${v.name}${spelled(next)})`}
        </button>
      </td>
    </tr>
  );
}

function Names(props: { names: readonly string[]; label: (name: string) => string; onRemove: ((name: string) => void) | undefined }): JSX.Element {
  const { names, label, onRemove } = props;
  return (
    <>
      {names.map((name) => (
        <span class="tag" key={name}>
          {name}
          {onRemove && (
            <button type="button" class="x" aria-label={label(name)} onClick={() => onRemove(name)}>
              ×
            </button>
          )}
        </span>
      ))}
    </>
  );
}

function marks(scene: Scene, v: Variable): string[] {
  const act = scene.acts[v.name];
  return [
    v.latent ? "hidden" : "",
    v.name === scene.treatment ? "treatment" : "",
    v.name === scene.outcome ? "outcome" : "",
    scene.adjusted.includes(v.name) ? "adjusted" : "",
    scene.selected.includes(v.name) ? "selected" : "",
    act === undefined ? "" : `do${spelled(act)}`,
    v.name in scene.given ? `given ${scene.given[v.name]}` : "",
  ].filter(Boolean);
}
