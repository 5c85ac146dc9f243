// One run: the board with intervals, and the episodes with the worst answers first.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { useEvents } from "../api/events";
import { useLoaded } from "../api/loaded";
import type { AgentReport, Failures, Report, RunEntry } from "../api/shapes";
import { Forest } from "../charts/Forest";
import { Empty, Waiting } from "../shell/States";
import type { Params } from "../shell/router";
import { scored } from "../shell/scores";
import { three } from "../shell/words";

export default function Run({ params }: { params: Params }): JSX.Element {
  const name = params["run"] ?? "";
  const path = `runs/${encodeURIComponent(name)}`;
  const run = useLoaded<RunEntry>(path);
  const { finished = 0, planned = 0 } = (run.value?.trials ?? {}) as { finished?: number; planned?: number };
  useEvents(path, run.value !== null && finished < planned, run.refresh);
  return (
    <>
      <div class="row between">
        <h1>Run {name}</h1>
        <a class="button" href={`/runs/compare?first=${encodeURIComponent(name)}`}>
          Compare with another
        </a>
      </div>
      <Waiting of={run}>
        {(found) => (
          <>
            <p class="quiet">
              Interface {found.interface}; {found.n_scenarios} scenarios × {found.n_seeds} seeds; {found.trials?.["finished"]} of {found.trials?.["planned"]} trials finished.
            </p>
            {finished < planned && <progress class="run-progress" max={planned} value={finished} aria-label="Trials finished" />}
            <Board key={`board-${finished}`} path={path} />
            <FailureList key={`list-${finished}`} path={path} run={name} agents={found.agents ?? []} />
          </>
        )}
      </Waiting>
    </>
  );
}

function Board({ path }: { path: string }): JSX.Element {
  const report = useLoaded<Report>(`${path}/report`);
  return (
    <section aria-label="Scores">
      <h2>Scores</h2>
      <Waiting of={report}>{(found) => <AgentTable agents={found.agents} />}</Waiting>
    </section>
  );
}

export function AgentTable({ agents, families }: { agents: readonly AgentReport[]; families?: readonly string[] }): JSX.Element {
  const shown = families ?? [];
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Agents">
      <table class="board">
        <thead>
          <tr>
            <th scope="col">Participant</th>
            <th scope="col">Causal Score, 95 % interval</th>
            <th scope="col">−1 to 1</th>
            {shown.map((f) => (
              <th scope="col" key={f}>
                {f}
              </th>
            ))}
            <th scope="col">Answered</th>
            <th scope="col">Episodes</th>
            <th scope="col">Failed</th>
          </tr>
        </thead>
        <tbody>
          {agents.map((a) => (
            <tr key={a.agent} class={a.agent === "you" ? "you" : ""}>
              <th scope="row">{a.agent}</th>
              <td data-score={a.agent}>{scored(a.causal_score)}</td>
              <td>
                <Forest score={a.causal_score} />
              </td>
              {shown.map((f) => (
                <td key={f}>{a.families[f]?.value === undefined ? "–" : three(a.families[f].value)}</td>
              ))}
              <td>{Math.round(100 * a.coverage)} %</td>
              <td>{a.episodes}</td>
              <td>{a.failed || ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FailureList({ path, run, agents }: { path: string; run: string; agents: readonly string[] }): JSX.Element {
  const [agent, setAgent] = useState("");
  const [onlyWrong, setOnlyWrong] = useState(false);
  const found = useLoaded<Failures>(`${path}/failures?limit=200${agent ? `&agent=${encodeURIComponent(agent)}` : ""}`);
  return (
    <section aria-label="Episodes, failures first">
      <h2>Episodes, failures first</h2>
      <div class="row filters">
        <label>
          Agent
          <select value={agent} onChange={(e) => setAgent(e.currentTarget.value)}>
            <option value="">all</option>
            {agents.map((a) => (
              <option key={a} value={a}>
                {a}
              </option>
            ))}
          </select>
        </label>
        <label class="inline">
          <input type="checkbox" checked={onlyWrong} onChange={(e) => setOnlyWrong(e.currentTarget.checked)} /> only those that fell for a fallacy
        </label>
      </div>
      <Waiting of={found}>
        {(list) => {
          const items = list.items.filter((e) => !onlyWrong || !["truth", "no answer"].includes(e.worst.nearest));
          if (!items.length)
            return (
              <Empty title="No episode to show">
                <p>Nothing is finished, or nothing fits.</p>
              </Empty>
            );
          return (
            <>
              <div class="scroll" tabindex={0} role="region" aria-label="Episodes">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Episode</th>
                      <th scope="col">Worst answer</th>
                      <th scope="col">Belief</th>
                      <th scope="col">Truth</th>
                      <th scope="col">Nearest to</th>
                      <th scope="col">Mean loss</th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((e) => (
                      <tr key={`${e.agent}/${e.scenario}/${e.seed}`}>
                        <td>
                          <a href={`/runs/${encodeURIComponent(run)}/e/${encodeURIComponent(e.agent)}/${encodeURIComponent(e.scenario)}/${e.seed}`}>
                            {e.agent} · {e.scenario} · {e.seed}
                          </a>
                          {e.failures.map((f) => (
                            <p class="error" key={f.join()}>
                              {f.join(": ")}
                            </p>
                          ))}
                        </td>
                        <td class="formula">{e.worst.name}</td>
                        <td>{e.worst.belief === null ? "–" : three(e.worst.belief)}</td>
                        <td>{three(e.worst.truth)}</td>
                        <td>{e.worst.nearest === "truth" ? "truth" : <span class="chip">{e.worst.nearest}</span>}</td>
                        <td>{three(e.mean_loss)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {!list.is_complete && <p class="quiet">The worst {list.items.length} of {list.n_episodes} are shown.</p>}
            </>
          );
        }}
      </Waiting>
    </section>
  );
}
