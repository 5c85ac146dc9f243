// The right side: the question, see against do or imagine, and why.

import type { JSX } from "preact";

import type { Stage } from "../canvas/stage";
import type { Tick } from "./Bars";
import { ContrastView } from "./Contrast";
import { ImagineView } from "./Imagine";
import { Question } from "./Question";
import type { Truth, View } from "./truth";
import { VerdictView } from "./Verdict";

interface Props {
  readonly truth: Truth;
  readonly stage: Stage;
  readonly agents?: readonly Tick[];
}

const VIEWS: readonly [View, string][] = [
  ["contrast", "See and do"],
  ["imagine", "Imagine"],
];

export function TruthPanel({ truth, stage, agents = [] }: Props): JSX.Element {
  const { problem } = truth.contrast.value;
  const hasQuestion = stage.scene.value.treatment !== null && stage.scene.value.outcome !== null;
  const isRevealed = truth.isRevealed.value;
  return (
    <section class="truth" aria-label="Truth">
      <Question stage={stage} />
      <div class="row between">
        <div class="tabs" role="group" aria-label="View">
          {VIEWS.map(([view, name]) => (
            <button key={view} type="button" aria-pressed={truth.view.value === view} onClick={() => (truth.view.value = view)}>
              {name}
            </button>
          ))}
        </div>
        <label class="inline">
          <input type="checkbox" checked={truth.predictFirst.value} onChange={(e) => (truth.predictFirst.value = e.currentTarget.checked)} /> predict first
        </label>
      </div>
      {!hasQuestion && <p class="empty">Choose a treatment and an outcome to see what the engine says.</p>}
      {problem && (
        <div class="error" role="alert">
          <p>{problem.message}</p>
          {problem.isGone && <p>The graph can still be edited; the numbers are those of before.</p>}
          <button type="button" onClick={() => truth.retry()}>
            Try again
          </button>
        </div>
      )}
      {hasQuestion && (truth.view.value === "contrast" || !isRevealed) && <ContrastView truth={truth} agents={agents} />}
      {hasQuestion && truth.view.value === "imagine" && isRevealed && <ImagineView truth={truth} stage={stage} />}
      {hasQuestion && isRevealed && <VerdictView truth={truth} stage={stage} />}
    </section>
  );
}
