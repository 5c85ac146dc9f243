// A run of the reference agents, begun from the page; its own page then shows how far it is.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { onceKey, post, Problem } from "../api/client";
import { useLoaded } from "../api/loaded";
import type { Interface, Page } from "../api/shapes";
import { go } from "../shell/router";

const AGENTS = ["oracle", "associational", "adjust-everything", "marginal", "hedged", "uniform", "random", "reverse", "experimenter"];

export default function NewRun(): JSX.Element {
  const interfaces = useLoaded<Page<Interface>>("interfaces");
  const [name, setName] = useState("");
  const [agents, setAgents] = useState<readonly string[]>(AGENTS);
  const [scenarios, setScenarios] = useState("classic");
  const [seeds, setSeeds] = useState("0-9");
  const [shown, setShown] = useState("graph");
  const [problem, setProblem] = useState<string | null>(null);
  const [isSent, setSent] = useState(false);

  const begin = async (event: Event) => {
    event.preventDefault();
    if (isSent) return;
    setSent(true);
    setProblem(null);
    const form = { agents: agents.map((a) => `reference:${a}`), scenarios, seeds, interface: shown, ...(name ? { name } : {}) };
    try {
      const made = await post<{ name: string }>("runs", form, { once: onceKey() });
      go(`/runs/${encodeURIComponent(made.name)}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
      setSent(false);
    }
  };
  const toggle = (agent: string) =>
    setAgents(agents.includes(agent) ? agents.filter((a) => a !== agent) : AGENTS.filter((a) => a === agent || agents.includes(a)));

  return (
    <>
      <h1>New run</h1>
      <p>Every agent meets every scenario with every seed. The reference agents cost nothing; a language model is run at the command line, with its key and its budget.</p>
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      <form class="new-run" onSubmit={(e) => void begin(e)}>
        <label>
          Name
          <input value={name} placeholder="one is made up" pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}" onInput={(e) => setName(e.currentTarget.value)} />
        </label>
        <fieldset>
          <legend>Agents</legend>
          {AGENTS.map((agent) => (
            <label key={agent} class="check">
              <input type="checkbox" checked={agents.includes(agent)} onChange={() => toggle(agent)} />
              {agent}
            </label>
          ))}
        </fieldset>
        <label>
          Scenarios
          <input value={scenarios} required onInput={(e) => setScenarios(e.currentTarget.value)} aria-describedby="about-scenarios" />
          <span id="about-scenarios" class="quiet">
            ids and sets with commas, such as classic or kidney-stones-v1
          </span>
        </label>
        <label>
          Seeds
          <input value={seeds} required onInput={(e) => setSeeds(e.currentTarget.value)} aria-describedby="about-seeds" />
          <span id="about-seeds" class="quiet">
            such as 0-9 or 0,3,5-7
          </span>
        </label>
        <label>
          Interface
          <select value={shown} onChange={(e) => setShown(e.currentTarget.value)}>
            {(interfaces.value?.items ?? []).map((i) => (
              <option key={i.name} value={i.name}>
                {i.name}
              </option>
            ))}
            {!interfaces.value && <option value="graph">graph</option>}
          </select>
        </label>
        <button type="submit" class="primary" disabled={agents.length === 0 || isSent}>
          Begin
        </button>
      </form>
    </>
  );
}
