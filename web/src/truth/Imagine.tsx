// What would have been, for those who were as they were; the twin network shows why it can be asked.

import type { JSX } from "preact";

import type { Stage } from "../canvas/stage";
import { find } from "../graph/types";
import { setMechanism } from "../graph/commands";
import { three } from "../shell/words";
import { TwinNetwork } from "./TwinNetwork";
import type { Truth } from "./truth";
import { BoundsLine } from "./Verdict";

export function ImagineView({ truth, stage }: { truth: Truth; stage: Stage }): JSX.Element {
  const { value, problem, isStale } = truth.imagined.value;
  const scene = stage.scene.value;
  if (problem && !problem.isGone) return <p class="error">{problem.message}</p>;
  if (!value) return <p class="quiet">Computing…</p>;
  const factual = Object.entries(value.factual).map(([name, label]) => `${name}=${label}`).join(" and ");
  const couple = () =>
    stage.history.apply("Noise of every table is comonotone.", (s) =>
      s.variables.reduce(
        (next, v) =>
          v.mechanism.kind === "table" && v.mechanism.coupling === null
            ? setMechanism(next, v.name, { ...find(next, v.name).mechanism, coupling: "comonotone" } as typeof v.mechanism)
            : next,
        s,
      ),
    );
  return (
    <div class={isStale ? "stale" : ""}>
      <p>Among those with {factual}:</p>
      {value.worlds.map((world) => (
        <div key={world.level} class="world">
          <p class="formula">{world.query}</p>
          {world.value != null ? (
            <p>
              <b data-number={`imagine ${world.level}`}>{three(world.value)}</b> would have had {scene.outcome}={scene.state} under {scene.treatment}={world.level}.
            </p>
          ) : (
            <>
              <p class="quiet">{world.undefined}</p>
              {world.bounds && <BoundsLine found={world.bounds} />}
              {world.bounds && (
                <button type="button" onClick={couple}>
                  Declare comonotone noise
                </button>
              )}
            </>
          )}
        </div>
      ))}
      <TwinNetwork scene={scene} />
    </div>
  );
}
