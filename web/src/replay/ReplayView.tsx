// An episode on its graph: a scrubber over the steps, belief against truth, and what went wrong.

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import { useLoaded } from "../api/loaded";
import type { Replay, Step } from "../api/shapes";
import { Graph } from "../canvas/Graph";
import { Stage } from "../canvas/stage";
import { fromDrawn } from "../graph/document";
import type { Scene } from "../graph/types";
import { Waiting } from "../shell/States";
import { scored } from "../shell/scores";
import { Found } from "./Found";
import { Questions } from "./Questions";
import { Trajectory } from "./Trajectory";

interface Props {
  readonly path: string;
  readonly title: string;
  readonly isOwn?: boolean;
}

export function ReplayView({ path, title, isOwn = false }: Props): JSX.Element {
  const loaded = useLoaded<Replay>(path);
  return <Waiting of={loaded}>{(replay) => <Replayed replay={replay} title={title} isOwn={isOwn} />}</Waiting>;
}

function stepOfAddress(last: number): number {
  const found = Number(new URLSearchParams(location.search).get("step") ?? last);
  return Number.isInteger(found) ? Math.min(Math.max(found, 0), last) : last;
}

export function Replayed({ replay, title, isOwn }: { replay: Replay; title: string; isOwn: boolean }): JSX.Element {
  const last = Math.max(replay.steps.length - 1, 0);
  const [at, setAt] = useState(() => stepOfAddress(last));
  const [question, setQuestion] = useState(() => worst(replay));
  const base = useMemo(() => fromDrawn(replay.drawn), [replay]);
  const stage = useMemo(() => new Stage(base, false), [base]);

  useEffect(() => {
    stage.history.show(sceneAt(base, replay.steps[at]));
    const address = new URL(location.href);
    address.searchParams.set("step", String(at));
    history.replaceState(null, "", address);
  }, [at]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches("input, select, textarea, dialog *")) return;
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        event.preventDefault();
        setAt((n) => Math.min(Math.max(n + (event.key === "ArrowLeft" ? -1 : 1), 0), last));
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [last]);

  const asked = replay.questions.find((q) => q.id === question) ?? replay.questions[0];
  return (
    <div class="replay">
      <header class="replay-head">
        <h1>{isOwn ? title : `${replay.participant}: ${replay.scenario}`}</h1>
        <p>
          {replay.title}, seed {replay.seed}, through {replay.interface}. Causal Score <b data-number="score">{scored(replay.causal_score)}</b>
        </p>
        {isOwn && (
          <p>
            See where you stand on the <a href="/leaderboard">leaderboard</a>, or open <a href={`/play/${encodeURIComponent(replay.scenario)}`}>the model</a>.
          </p>
        )}
      </header>
      <section aria-label="Steps" class="steps">
        <div class="row">
          <button type="button" disabled={at === 0} aria-label="Step back" onClick={() => setAt(at - 1)}>
            ←
          </button>
          <label class="scrubber">
            <span>
              Step {replay.steps.length ? at + 1 : 0} of {replay.steps.length}
            </span>
            <input type="range" min="0" max={last} value={at} onInput={(e) => setAt(Number(e.currentTarget.value))} />
          </label>
          <button type="button" disabled={at >= last} aria-label="Step on" onClick={() => setAt(at + 1)}>
            →
          </button>
        </div>
        <Graph stage={stage} label={`The graph at step ${at + 1}`} isLookedAt />
        {replay.steps[at] ? <Found step={replay.steps[at]} /> : <p class="quiet">Nothing was done in this episode.</p>}
      </section>
      <section aria-label="Beliefs and truth" class="beliefs">
        {asked && (
          <>
            <label>
              Question
              <select value={asked.id} onChange={(e) => setQuestion(e.currentTarget.value)}>
                {replay.questions.map((q) => (
                  <option key={q.id} value={q.id}>
                    {q.asked}
                  </option>
                ))}
              </select>
            </label>
            <Trajectory asked={asked} steps={replay.steps} at={at} reason={replay.no_posterior} />
          </>
        )}
        <Questions replay={replay} chosen={asked?.id ?? ""} onChoose={setQuestion} />
      </section>
    </div>
  );
}

/** The question with the largest final loss comes first to mind. */
function worst(replay: Replay): string {
  const sorted = [...replay.questions].sort((a, b) => (b.final?.loss ?? -1) - (a.final?.loss ?? -1));
  return sorted[0]?.id ?? "";
}

/** What the step does to the graph: what it sets is forced, what it looks for is given. */
function sceneAt(base: Scene, step: Step | undefined): Scene {
  if (!step) return base;
  const known = new Set(base.variables.map((v) => v.name));
  const kept = (settings: Readonly<Record<string, string>> = {}) => Object.fromEntries(Object.entries(settings).filter(([name]) => known.has(name)));
  return { ...base, acts: kept(step.action.set), given: kept(step.action.where) };
}
