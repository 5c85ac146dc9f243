// Why: paths, sets, the formula and its derivation; where there is none, the hedge and what helps.

import type { JSX } from "preact";

import type { Adjustment, Interval, PathLine, Verdict } from "../api/shapes";
import type { Stage } from "../canvas/stage";
import { setAdjusted } from "../graph/commands";
import { plural, three } from "../shell/words";
import type { Truth } from "./truth";

export function VerdictView({ truth, stage }: { truth: Truth; stage: Stage }): JSX.Element | null {
  const { value, isStale } = truth.verdict.value;
  if (!value) return null;
  return (
    <div class={isStale ? "stale" : ""}>
      <section class={`verdict ${value.identified ? "good" : "bad"}`} aria-label="Verdict">
        <h2>{value.identified ? "Identified from observation" : "Not identified from observation"}</h2>
        {value.identified ? <p class="formula" data-estimand>{`${value.query} = ${value.estimand}`}</p> : <Hedged value={value} stage={stage} />}
      </section>
      <Paths paths={value.paths} hasMore={value.has_more_paths} stage={stage} />
      <Sets found={value.adjustment as Adjustment} stage={stage} />
      <Derivation value={value} />
    </div>
  );
}

function Hedged({ value, stage }: { value: Verdict; stage: Stage }): JSX.Element {
  const trace = (names: readonly string[]) => (stage.highlight.value = names);
  return (
    <>
      <p data-hedge>{value.obstruction?.text}</p>
      {value.hedge && (
        <button type="button" onMouseEnter={() => trace(value.hedge?.forest ?? [])} onMouseLeave={() => trace([])} onFocus={() => trace(value.hedge?.forest ?? [])} onBlur={() => trace([])}>
          Show the {value.obstruction?.kind}
        </button>
      )}
      {value.bounds && <BoundsLine found={value.bounds} />}
      {value.witness && (
        <p class="witness">
          Two models agree on everything observed, and say {three(value.witness.first)} and {three(value.witness.second)}.
        </p>
      )}
      <p data-measure>{advice(value.measure ?? [])}</p>
    </>
  );
}

function advice(sets: readonly string[][]): string {
  if (!sets.length) return "Measuring one or two of the hidden causes would not be enough; an experiment would.";
  return `To identify it, measure ${sets.map((s) => s.join(" and ")).join(", or ")}.`;
}

export function BoundsLine({ found }: { found: Interval }): JSX.Element {
  if (found.lower == null || found.upper == null) return <p class="quiet">No bounds: {found.undefined}</p>;
  return (
    <div class="interval">
      <p>
        It lies between <b data-number="lower">{three(found.lower)}</b> and <b data-number="upper">{three(found.upper)}</b>
        {found.sharp ? " (sharp)." : ` (outer: ${found.reason}).`}
      </p>
      <svg class="scale" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="10" rx="1" />
        <rect class="fill" x={100 * found.lower} width={100 * Math.max(found.upper - found.lower, 0.5)} height="10" rx="1" />
      </svg>
    </div>
  );
}

function Paths({ paths, hasMore, stage }: { paths: readonly PathLine[]; hasMore: boolean; stage: Stage }): JSX.Element {
  const nOpen = paths.filter((p) => p.open && !p.causal).length;
  return (
    <details open>
      <summary>
        Paths <span class="count">{plural(nOpen, "biasing path")} open</span>
      </summary>
      {paths.length === 0 && <p class="quiet">No path joins treatment and outcome.</p>}
      <ul class="paths">
        {paths.map((path) => (
          <li key={path.text}>
            <button
              type="button"
              class={`path ${path.causal ? "causal" : path.open ? "bias" : "closed"}`}
              onMouseEnter={() => (stage.highlight.value = path.nodes)}
              onMouseLeave={() => (stage.highlight.value = [])}
              onFocus={() => (stage.highlight.value = path.nodes)}
              onBlur={() => (stage.highlight.value = [])}
            >
              <span class="path-text">{path.text.replaceAll("<->", "↔").replaceAll("->", "→").replaceAll("<-", "←")}</span>
              <span class="path-state">{state(path)}</span>
            </button>
          </li>
        ))}
      </ul>
      {hasMore && <p class="quiet">There are more paths than are listed.</p>}
    </details>
  );
}

function state(path: PathLine): string {
  const kind = path.causal ? "causal" : "biasing";
  if (path.open) return `${kind}, open`;
  return `${kind}, closed at ${path.blockers.map((b) => (path.colliders.includes(b) ? `collider ${b}` : b)).join(", ")}`;
}

function Sets({ found, stage }: { found: Adjustment; stage: Stage }): JSX.Element {
  const now = [...stage.scene.value.adjusted].sort().join(",");
  const choose = (set: readonly string[]) =>
    stage.history.apply(set.length ? `Adjusting for ${set.join(", ")}.` : "Adjusting for nothing.", (s) => setAdjusted(s, set));
  return (
    <details open>
      <summary>
        Adjustment sets <span class="count">{found.adjustment_sets.length} minimal</span>
      </summary>
      <ul class="sets">
        {found.adjustment_sets.map((set) => (
          <li key={set.join()}>
            <button type="button" aria-pressed={set.join(",") === now} onClick={() => choose(set)}>
              {set.length ? `{${set.join(", ")}}` : "{ } nothing needed"}
            </button>
          </li>
        ))}
      </ul>
      {found.reason && <p>{found.reason}</p>}
      {found.optimal.set && <p class="quiet">Least variance: {`{${found.optimal.set.join(", ")}}`}</p>}
      {found.frontdoor_sets.length > 0 && <p>Front door: {found.frontdoor_sets.map((s) => `{${s.join(", ")}}`).join("; ")}</p>}
      {found.instruments.length > 0 && (
        <p>Instruments: {found.instruments.map((i) => i.variable + (i.given.length ? ` given ${i.given.join(", ")}` : "")).join("; ")}</p>
      )}
      <ul class="habits">
        {found.candidates.map((c) => (
          <li key={c.habit} class={c.valid ? "good" : "bad"}>
            <b>{c.habit}</b> {`{${c.set.join(", ")}}`}: {c.valid ? "valid" : `not valid, ${c.reason}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Derivation({ value }: { value: Verdict }): JSX.Element {
  return (
    <details>
      <summary>{value.identified ? "Estimand and derivation" : "What was tried"}</summary>
      {value.latex && <p class="formula">{value.latex}</p>}
      <ol class="derivation">
        {value.derivation.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
    </details>
  );
}
