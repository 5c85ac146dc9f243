// The first page: one small graph that can be forced, and three doors.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import { Graph } from "../canvas/Graph";
import { Stage } from "../canvas/stage";
import { firstScene } from "../canvas/starters";
import { ContrastView } from "../truth/Contrast";
import { Truth } from "../truth/truth";

export default function Front(): JSX.Element {
  const stage = useMemo(() => new Stage(firstScene(), false), []);
  const truth = useMemo(() => new Truth(stage), []);
  useEffect(() => () => truth.stop(), []);
  const isForced = "Smoking" in stage.scene.value.acts;
  const { problem } = truth.contrast.value;
  return (
    <div class="front">
      <section class="hero">
        <h1>Seeing is not doing</h1>
        <p class="lead">
          Age makes people smoke and makes them ill, so smokers have more cancer than smoking causes. Press{" "}
          <button type="button" class="primary" onClick={() => stage.cycleAct("Smoking")}>
            {isForced ? "change do(Smoking)" : "do(Smoking = 1)"}
          </button>{" "}
          and watch the arrow into it go.
        </p>
        <div class="mini">
          <Graph stage={stage} label="A small causal graph; choose a node and press Enter to force it" />
          <div class="mini-truth">
            {problem ? (
              <div class="error" role="alert">
                <p>{problem.message}</p>
                <button type="button" onClick={() => truth.retry()}>
                  Try again
                </button>
              </div>
            ) : (
              <ContrastView truth={truth} />
            )}
          </div>
        </div>
        <p class="told" role="status" aria-live="polite">
          {stage.told.value.text}
        </p>
      </section>
      <section class="doors" aria-label="Where to go">
        <a class="door" href="/play">
          <h2>Play with a graph</h2>
          <p>Draw or paste a graph, force a variable, see what follows, and why.</p>
        </a>
        <a class="door" href="/scenarios">
          <h2>Be measured</h2>
          <p>Play an episode of a scenario; your score is on the scale of every agent.</p>
        </a>
        <a class="door" href="/runs">
          <h2>Look at runs</h2>
          <p>Failures first: what agents believed, step by step, beside the truth.</p>
        </a>
      </section>
    </div>
  );
}
