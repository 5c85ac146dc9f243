// All runs, and how to make the first one.

import type { JSX } from "preact";

import { useLoaded } from "../api/loaded";
import type { Page, RunEntry } from "../api/shapes";
import { Empty, Waiting } from "../shell/States";

export default function Runs(): JSX.Element {
  const runs = useLoaded<Page<RunEntry>>("runs?limit=500");
  return (
    <>
      <div class="row between">
        <h1>Runs</h1>
        <span class="row">
          <a class="button" href="/runs/new">
            New run
          </a>
          <a class="button" href="/runs/compare">
            Compare two
          </a>
        </span>
      </div>
      <Waiting of={runs}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty title="No run yet">
              <p>Begin one here, or at the command line; without a key the reference agents play:</p>
              <pre>cig run --scenarios classic --seeds 0-9 --out runs/first</pre>
            </Empty>
          ) : (
            <div class="scroll" tabindex={0} role="region" aria-label="Runs">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Run</th>
                    <th scope="col">Agents</th>
                    <th scope="col">Interface</th>
                    <th scope="col">Scenarios × seeds</th>
                    <th scope="col">Finished</th>
                  </tr>
                </thead>
                <tbody>
                  {page.items.map((run) => (
                    <tr key={run.name}>
                      <th scope="row">
                        <a href={`/runs/${encodeURIComponent(run.name)}`}>{run.name}</a>
                      </th>
                      <td>{run.unreadable ? "cannot be read" : (run.agents ?? []).length}</td>
                      <td>{run.interface}</td>
                      <td>{run.unreadable ? "" : `${run.n_scenarios} × ${run.n_seeds}`}</td>
                      <td>{run.trials?.["planned"] ? `${run.trials["finished"]} of ${run.trials["planned"]}` : ""}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Waiting>
    </>
  );
}
