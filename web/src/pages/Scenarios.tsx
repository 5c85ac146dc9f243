// The gallery: what can be played, and through which interface.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { onceKey, post, Problem } from "../api/client";
import { useLoaded } from "../api/loaded";
import type { Episode, Interface, OwnEpisode, Page, ScenarioEntry } from "../api/shapes";
import { go } from "../shell/router";
import { Empty, Waiting } from "../shell/States";

export default function Scenarios(): JSX.Element {
  const scenarios = useLoaded<Page<ScenarioEntry>>("scenarios?limit=500");
  const interfaces = useLoaded<Page<Interface>>("interfaces");
  const own = useLoaded<Page<OwnEpisode>>("episodes?limit=500");
  const [chosen, setChosen] = useState("graph");
  const [field, setField] = useState("");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  const begin = async (scenario: string) => {
    try {
      setProblem(null);
      const made = await post<Episode>("episodes", { scenario, interface: chosen }, { once: onceKey() });
      go(`/episodes/${made.id}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
    }
  };

  return (
    <>
      <h1>Scenarios</h1>
      <p>Play an episode: look, experiment, say what you believe. When you submit you see the truth, and your score on the scale of every agent.</p>
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      <Waiting of={own}>{(page) => <Open episodes={page.items} />}</Waiting>
      <Waiting of={scenarios}>
        {(page) => {
          const fields = [...new Set(page.items.map((s) => s.field))].sort();
          const shown = page.items.filter(
            (s) => (!field || s.field === field) && `${s.id} ${s.title}`.toLowerCase().includes(text.toLowerCase()),
          );
          return (
            <>
              <div class="row filters">
                <label>
                  Interface
                  <select value={chosen} onChange={(e) => setChosen(e.currentTarget.value)}>
                    {(interfaces.value?.items ?? []).map((i) => (
                      <option key={i.name} value={i.name}>
                        {i.name}
                      </option>
                    ))}
                    {!interfaces.value && <option value="graph">graph</option>}
                  </select>
                </label>
                <label>
                  Field
                  <select value={field} onChange={(e) => setField(e.currentTarget.value)}>
                    <option value="">all</option>
                    {fields.map((f) => (
                      <option key={f} value={f}>
                        {f}
                      </option>
                    ))}
                  </select>
                </label>
                <label>
                  Search
                  <input type="search" value={text} onInput={(e) => setText(e.currentTarget.value)} />
                </label>
              </div>
              <p class="quiet">{about(interfaces.value?.items.find((i) => i.name === chosen))}</p>
              {shown.length === 0 && (
                <Empty title="No scenario fits">
                  <p>Take another field, or search for less.</p>
                </Empty>
              )}
              <ul class="gallery">
                {shown.map((s) => (
                  <li key={s.id} class="card">
                    <h2>{s.title}</h2>
                    <p class="quiet">
                      {s.id} · {s.field}
                    </p>
                    <div class="row">
                      <button type="button" class="primary" aria-label={`Play ${s.title}`} onClick={() => begin(s.id)}>
                        Play
                      </button>
                      <a href={`/play/${encodeURIComponent(s.id)}`} aria-label={`Open the model of ${s.title}`}>
                        Open the model
                      </a>
                    </div>
                  </li>
                ))}
              </ul>
            </>
          );
        }}
      </Waiting>
    </>
  );
}

function about(found: Interface | undefined): string {
  if (!found) return "";
  const graph = found.shows_graph ? "The causal graph is shown" : "The causal graph is not shown";
  const can = found.actions.filter((a) => a === "observe" || a === "intervene");
  const may = can.length ? `you may ${can.join(" and ")}, for ${found.budget} units of budget` : "you may draw no rows";
  return `${graph}; ${may}.`;
}

function Open({ episodes }: { episodes: readonly OwnEpisode[] }): JSX.Element | null {
  const open = episodes.filter((e) => !e.is_closed);
  if (!open.length) return null;
  return (
    <section class="note" aria-label="Episodes that are not over">
      <p>You are playing:</p>
      <ul>
        {open.map((e) => (
          <li key={e.id}>
            <a href={`/episodes/${e.id}`}>
              {e.scenario} through {e.interface}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
