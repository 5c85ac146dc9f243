// One slider for each number that is asked for; beliefs can be stated at any time, submitting ends.

import type { JSX } from "preact";

import type { Action } from "../api/shapes";
import type { Elicited } from "../pages/EpisodePage";

interface Props {
  readonly asked: readonly Elicited[];
  readonly beliefs: Readonly<Record<string, number>>;
  readonly setBeliefs: (beliefs: Readonly<Record<string, number>>) => void;
  readonly isBusy: boolean;
  readonly act: (action: Action) => Promise<boolean>;
  readonly onEnd: () => void;
}

export function Answers({ asked, beliefs, setBeliefs, isBusy, act, onEnd }: Props): JSX.Element {
  const stated = Object.entries(beliefs).map(([query, p]) => ({ query, p }));
  const missing = asked.filter((q) => !(q.id in beliefs)).length;
  return (
    <form
      class="panel"
      onSubmit={(event) => {
        event.preventDefault();
        void act({ kind: "submit", answers: stated, unanswerable: [] });
      }}
    >
      <h2>What do you believe?</h2>
      <ol class="questions">
        {asked.map((q) => {
          const p = beliefs[q.id];
          return (
            <li key={q.id}>
              <label>
                <span class="formula">{q.text}</span>
                <span class="slider">
                  <input
                    type="range"
                    min="0"
                    max="1"
                    step="0.01"
                    value={p ?? 0.5}
                    onInput={(e) => setBeliefs({ ...beliefs, [q.id]: Number(e.currentTarget.value) })}
                    onClick={(e) => setBeliefs({ ...beliefs, [q.id]: Number(e.currentTarget.value) })}
                  />
                  <output>{p === undefined ? "not said" : p.toFixed(2)}</output>
                </span>
              </label>
            </li>
          );
        })}
      </ol>
      <div class="row">
        <button type="button" disabled={isBusy || !stated.length} onClick={() => void act({ kind: "believe", beliefs: stated })}>
          State beliefs and go on
        </button>
        <button type="submit" class="primary" disabled={isBusy || !stated.length}>
          Submit{missing ? ` with ${missing} left out` : ""}
        </button>
        <button type="button" disabled={isBusy} onClick={onEnd}>
          Give up
        </button>
      </div>
    </form>
  );
}
