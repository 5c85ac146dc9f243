// The board of a run with the person among the agents, by family; reference agents are its floor and ceiling.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { useLoaded } from "../api/loaded";
import type { AgentReport, Page, Report, RunEntry, Standing } from "../api/shapes";
import { Empty, Waiting } from "../shell/States";
import { scored } from "../shell/scores";
import { AgentTable } from "./Run";

export default function Leaderboard(): JSX.Element {
  const runs = useLoaded<Page<RunEntry>>("runs?limit=500");
  const standing = useLoaded<Standing>("standing");
  return (
    <>
      <h1>Leaderboard</h1>
      <p>1 is exact. 0 is as good as one who takes seeing for doing. The score of a person is computed as that of an agent.</p>
      <Waiting of={runs}>
        {(page) => {
          const names = page.items.filter((r) => !r.unreadable).map((r) => r.name);
          if (!names.length)
            return (
              <Empty title="No run to compare with">
                <p>The reference agents are the floor and the ceiling of every board:</p>
                <pre>cig run --scenarios classic --seeds 0-9 --out runs/first</pre>
              </Empty>
            );
          return <Board names={names} standing={standing.value} />;
        }}
      </Waiting>
      <Waiting of={standing}>{(found) => <Own standing={found} />}</Waiting>
    </>
  );
}

function Board({ names, standing }: { names: readonly string[]; standing: Standing | null }): JSX.Element {
  const [run, setRun] = useState(() => new URLSearchParams(location.search).get("run") ?? names[0] ?? "");
  const report = useLoaded<Report>(`runs/${encodeURIComponent(run)}/report`);
  return (
    <>
      <label class="inline">
        Run
        <select value={run} onChange={(e) => setRun(e.currentTarget.value)}>
          {names.map((n) => (
            <option key={n} value={n}>
              {n}
            </option>
          ))}
        </select>
      </label>
      <Waiting of={report}>
        {(found) => {
          const you: AgentReport[] = standing?.you
            ? [{ ...standing.you, agent: "you", failed: 0, reference: false, cost: { actions: 0, rows: 0, refused: 0, budget: 0 }, failures: [] }]
            : [];
          const rank = (a: AgentReport) => a.causal_score.value ?? -Infinity;
          const agents = [...found.agents, ...you].sort((a, b) => rank(b) - rank(a));
          const families = [...new Set(found.agents.flatMap((a) => Object.keys(a.families)))];
          return (
            <>
              <AgentTable agents={agents} families={families} />
              <p class="quiet">
                Score version {found.score_version}; {found.run.scenarios.length} scenarios, seeds {found.run.seeds[0]} to {found.run.seeds.at(-1)}, interface {found.run.interface}.{" "}
                <a href={`/api/v1/runs/${encodeURIComponent(run)}/report`} data-out download={`${run}.json`}>
                  Download as JSON
                </a>
              </p>
            </>
          );
        }}
      </Waiting>
    </>
  );
}

function Own({ standing }: { standing: Standing }): JSX.Element {
  if (!standing.items.length)
    return (
      <p>
        You have not finished an episode yet. <a href="/scenarios">Play one</a>, and you stand on this board.
      </p>
    );
  return (
    <section aria-label="Your episodes">
      <h2>Your episodes</h2>
      <div class="scroll" tabindex={0} role="region" aria-label="Your episodes as a table">
        <table>
          <thead>
            <tr>
              <th scope="col">Scenario</th>
              <th scope="col">Interface</th>
              <th scope="col">Causal Score</th>
            </tr>
          </thead>
          <tbody>
            {standing.items.map((e) => (
              <tr key={e.id}>
                <th scope="row">
                  <a href={`/episodes/${e.id}`}>{e.scenario}</a>
                </th>
                <td>{e.interface}</td>
                <td>{scored(e.causal_score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
