// What was done so far, the latest first, with what came of it.

import type { JSX } from "preact";

import type { Action, EpisodeLog } from "../api/shapes";
import { Counts } from "./Counts";

export function History({ log }: { log: EpisodeLog["log"] }): JSX.Element | null {
  const drawn = log.filter((e) => e.observation.kind === "counts");
  if (!drawn.length) return <p class="quiet">You have drawn no rows yet.</p>;
  const [latest, ...before] = [...drawn].reverse();
  return (
    <section class="panel" aria-label="What you found">
      <h2>What you found</h2>
      {latest && <Entry entry={latest} />}
      {before.map((entry) => (
        <details key={entry.n}>
          <summary>{said(entry.action)}</summary>
          <Entry entry={entry} isBare />
        </details>
      ))}
    </section>
  );
}

function Entry({ entry, isBare = false }: { entry: EpisodeLog["log"][number]; isBare?: boolean }): JSX.Element {
  const found = entry.observation;
  if (found.kind !== "counts") return <></>;
  return (
    <>
      {!isBare && <h3>{said(entry.action)}</h3>}
      <Counts variables={found.variables} rows={found.rows} />
    </>
  );
}

export function said(action: Action): string {
  const pairs = (settings: Readonly<Record<string, string>> = {}) =>
    Object.entries(settings)
      .map(([k, v]) => `${k}=${v}`)
      .join(", ");
  switch (action.kind) {
    case "observe":
      return `observe ${action.n} rows${pairs(action.where) ? ` where ${pairs(action.where)}` : ""}`;
    case "intervene":
      return `do(${pairs(action.set)}), ${action.n} rows`;
    case "believe":
      return "say what is believed";
    case "hypothesise":
      return "state a graph";
    case "submit":
      return "submit";
  }
}
