// Every question with its final belief, the truth, and the fallacy that it comes nearest to.

import type { JSX } from "preact";

import type { Asked, Replay } from "../api/shapes";
import { three } from "../shell/words";

interface Props {
  readonly replay: Replay;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

export function Questions({ replay, chosen, onChoose }: Props): JSX.Element {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="All questions">
      <table class="all-questions">
        <thead>
          <tr>
            <th scope="col">Question</th>
            <th scope="col">Belief</th>
            <th scope="col">Truth</th>
            <th scope="col">Diagnosis</th>
          </tr>
        </thead>
        <tbody>
          {replay.questions.map((q) => (
            <tr key={q.id} class={q.id === chosen ? "chosen" : ""}>
              <td>
                <button type="button" class="link" aria-pressed={q.id === chosen} onClick={() => onChoose(q.id)}>
                  {q.asked}
                </button>
              </td>
              <td data-belief={q.id}>{q.final ? three(q.final.p) : q.called_unanswerable ? "unanswerable" : "none"}</td>
              <td data-truth={q.id}>{three(q.truth)}</td>
              <td>{diagnosis(q)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const NEAR = 1e-4;

function diagnosis(q: Asked): JSX.Element | string {
  if (!q.final) return "no answer";
  if (q.final.loss < NEAR) return "right";
  if (q.final.nearest === "truth") return "off";
  return <span class="chip">{q.final.nearest}</span>;
}
