// What a participant is told: the story, the variables, the graph and the data that are shown.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import { post } from "../api/client";
import type { Brief } from "../api/shapes";
import { Graph } from "../canvas/Graph";
import { Stage } from "../canvas/stage";
import type { Drawn } from "../graph/document";
import { fromDrawn, GRAPH_FORMAT } from "../graph/document";
import { EMPTY } from "../graph/types";
import { three } from "../shell/words";
import { Counts } from "./Counts";

export function BriefView({ brief }: { brief: Brief }): JSX.Element {
  return (
    <>
      <h1>{brief.title}</h1>
      <p>{brief.story}</p>
      {brief.graph.map((graph, i) => (
        <ShownGraph key={i} brief={brief} graph={graph} />
      ))}
      <details open>
        <summary>Variables</summary>
        <dl class="variables">
          {brief.variables.map((v) => (
            <div key={v.name}>
              <dt>{v.name}</dt>
              <dd>
                {v.meaning}
                <ul>
                  {Object.entries(v.states).map(([state, meaning]) => (
                    <li key={state}>
                      <b>{state}</b>
                      {meaning && meaning !== state ? `: ${meaning}` : ""}
                    </li>
                  ))}
                </ul>
              </dd>
            </div>
          ))}
        </dl>
      </details>
      {brief.table.map((table, i) => (
        <details key={i} open>
          <summary>Data</summary>
          <Counts variables={table.variables} rows={table.rows} />
        </details>
      ))}
      {brief.correlations.length > 0 && (
        <details open>
          <summary>Associations</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">Pair</th>
                <th scope="col">Measure</th>
                <th scope="col">Value</th>
              </tr>
            </thead>
            <tbody>
              {brief.correlations.map((c) => (
                <tr key={c.pair.join()}>
                  <td>{c.pair.join(" and ")}</td>
                  <td>{c.measure}</td>
                  <td>{three(c.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      <details>
        <summary>Rules</summary>
        <ul>
          {brief.rules.map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** The graph as the interface shows it: only looked at, with places from the service. */
function ShownGraph({ brief, graph }: { brief: Brief; graph: Brief["graph"][number] }): JSX.Element {
  const stage = useMemo(() => new Stage(EMPTY, false), []);
  useEffect(() => {
    const document = {
      format: GRAPH_FORMAT,
      version: 1,
      nodes: brief.variables.map((v) => v.name),
      directed: graph.directed,
      bidirected: graph.bidirected,
    };
    void post<Drawn>("playground/read", { text: JSON.stringify(document) }).then(
      (drawn) => stage.history.show(fromDrawn(drawn)),
      () => undefined,
    );
  }, []);
  return <Graph stage={stage} label={`Causal graph: ${[...graph.directed.map(([a, b]) => `${a} causes ${b}`), ...graph.bidirected.map(([a, b]) => `${a} and ${b} share a hidden cause`)].join("; ")}`} isLookedAt />;
}
