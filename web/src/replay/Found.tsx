// What a step did and what came of it; raw beside read.

import type { JSX } from "preact";

import type { Step } from "../api/shapes";
import { Counts } from "../episode/Counts";
import { said } from "../episode/History";
import { three } from "../shell/words";

export function Found({ step }: { step: Step }): JSX.Element {
  const found = step.observation;
  return (
    <div class="found">
      <h2>{said(step.action)}</h2>
      {found.kind === "counts" && <Counts variables={found.variables} rows={found.rows} />}
      {found.kind === "refused" && <p class="error">Refused: {found.reason}</p>}
      {found.kind === "ended" && <p class="quiet">The episode ended: {found.detail || found.reason}</p>}
      {Object.keys(step.beliefs).length > 0 && (
        <ul class="said">
          {Object.entries(step.beliefs).map(([id, b]) => (
            <li key={id}>
              {id}: said <b>{three(b.p)}</b>, truth {three(b.truth)} {b.nearest !== "truth" && b.loss > 1e-4 && <span class="chip">{b.nearest}</span>}
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>Raw</summary>
        <pre>{JSON.stringify({ action: step.action, observation: step.observation }, null, 1)}</pre>
      </details>
    </div>
  );
}
