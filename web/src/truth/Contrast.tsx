// See beside do, the bias between them, and the belief that was stated before they are revealed.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Contrast as Numbers } from "../api/shapes";
import { signed, three } from "../shell/words";
import type { Bar, Tick } from "./Bars";
import { Bars } from "./Bars";
import type { Truth } from "./truth";

interface Props {
  readonly truth: Truth;
  readonly agents?: readonly Tick[];
}

export function ContrastView({ truth, agents = [] }: Props): JSX.Element | null {
  const { value, problem, isStale } = truth.contrast.value;
  if (!value) return problem ? null : <p class="quiet">Computing…</p>;
  const isRevealed = truth.isRevealed.value;
  const belief = truth.belief.value?.key === truth.question.value ? truth.belief.value : null;
  const ticks: Tick[] = [...(belief ? [{ who: "you", p: belief.p, shape: "you" } as const] : []), ...(isRevealed ? agents : [])];
  return (
    <>
      <Bars bars={barsOf(value)} ticks={ticks} isHidden={!isRevealed} isStale={isStale} />
      {isRevealed && value.bias !== null && (
        <p class="bias">
          Seeing minus doing: <b data-number="bias">{signed(value.bias)}</b>{" "}
          {Math.abs(value.bias) < 5e-4 ? "— here seeing is doing." : "— the confounding bias."}
        </p>
      )}
      {truth.predictFirst.value && <Belief truth={truth} query={value.do.query} />}
      {isRevealed && value.belief && <Judged value={value} />}
      {isRevealed && <Lures value={value} />}
    </>
  );
}

function barsOf(value: Numbers): Bar[] {
  const bars: Bar[] = [
    { kind: "see", label: value.see.query, value: value.see.value ?? null, why: value.see.undefined },
    { kind: "do", label: value.do.query, value: value.do.value ?? null, why: value.do.undefined },
  ];
  if (value.adjusted) {
    const label = `adjusting for ${value.adjusted.set.join(", ")} ${value.adjusted.valid ? "(valid)" : "(not valid)"}`;
    bars.push({ kind: "adjust", label, value: value.adjusted.value ?? null, why: value.adjusted.undefined });
  }
  return bars;
}

/** The slider that asks for a belief; stating it reveals the numbers. */
function Belief({ truth, query }: { truth: Truth; query: string }): JSX.Element {
  const [p, setP] = useState(0.5);
  const key = truth.question.value;
  const isStated = truth.belief.value?.key === key;
  const state = (event: Event) => {
    event.preventDefault();
    truth.belief.value = { key, p };
  };
  return (
    <form class="belief" onSubmit={state}>
      <label>
        Your belief: {query} = <output>{p.toFixed(2)}</output>
        <input type="range" min="0" max="1" step="0.01" value={p} onInput={(e) => setP(Number(e.currentTarget.value))} />
      </label>
      <button type="submit" class="primary">
        {isStated ? "State again" : "State and reveal"}
      </button>
    </form>
  );
}

function Judged({ value }: { value: Numbers }): JSX.Element {
  const found = value.belief;
  if (!found) return <></>;
  const isTrue = found.nearest === "truth";
  return (
    <div class={`judged ${isTrue ? "good" : "bad"}`}>
      <p>
        Brier loss <b data-number="brier">{three(found.brier)}</b>, log loss <b data-number="log">{three(found.log)}</b> bits.
      </p>
      <p>
        {isTrue ? (
          "Nearest to the truth."
        ) : (
          <>
            Nearest to <span class="chip">{found.nearest}</span>: that is the number you would give{" "}
            {REASONS[found.nearest] ?? "if you fell for it"}.
          </>
        )}
      </p>
    </div>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  "see for do": "if seeing were doing",
  "base rate": "if the treatment did not matter",
  "reverse direction": "by turning the condition round",
  backwards: "by taking the effect for the cause",
  "adjust for everything": "by adjusting for all that was measured",
};

function Lures({ value }: { value: Numbers }): JSX.Element {
  return (
    <details class="lures">
      <summary>What fallacies would say</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Fallacy</th>
            <th scope="col">Number</th>
            <th scope="col">Which is</th>
          </tr>
        </thead>
        <tbody>
          {value.lures.map((lure) => (
            <tr key={lure.fallacy}>
              <td>{lure.fallacy}</td>
              <td data-number={`lure ${lure.fallacy}`}>{three(lure.value)}</td>
              <td class="formula">{lure.query}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
