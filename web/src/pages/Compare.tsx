// Two participants over the questions that both met: the difference, then question by question.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { useLoaded } from "../api/loaded";
import type { Compared, Page, RunEntry } from "../api/shapes";
import { Empty, Waiting } from "../shell/States";
import { differed } from "../shell/scores";
import { signed, three } from "../shell/words";

export default function Compare(): JSX.Element {
  const runs = useLoaded<Page<RunEntry>>("runs?limit=500");
  return (
    <>
      <h1>Compare two participants</h1>
      <Waiting of={runs}>{(page) => <Chosen runs={page.items.filter((r) => !r.unreadable)} />}</Waiting>
    </>
  );
}

function fromAddress(name: string, runs: readonly RunEntry[], fallback: string): string {
  const found = new URLSearchParams(location.search).get(name) ?? "";
  if (found === "me" || found.includes(":")) return found;
  const run = runs.find((r) => r.name === found);
  return run ? `${run.name}:${run.agents?.[0] ?? ""}` : fallback;
}

function Chosen({ runs }: { runs: readonly RunEntry[] }): JSX.Element {
  const all = runs.flatMap((r) => (r.agents ?? []).map((a) => `${r.name}:${a}`));
  const [first, setFirst] = useState(() => fromAddress("first", runs, all[0] ?? ""));
  const [second, setSecond] = useState(() => fromAddress("second", runs, ""));
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const isReady = first && second && first !== second;
  const query = new URLSearchParams({ first, second });
  const compared = useLoaded<Compared>(isReady ? `compare?${query}` : null);
  const choose = (part: "first" | "second", value: string) => {
    (part === "first" ? setFirst : setSecond)(value);
    const address = new URL(location.href);
    address.searchParams.set(part, value);
    history.replaceState(null, "", address);
  };
  if (!all.length)
    return (
      <Empty title="No run yet">
        <pre>cig run --scenarios classic --seeds 0-9 --out runs/first</pre>
      </Empty>
    );
  return (
    <>
      <div class="row filters">
        <Side label="First" value={first} all={all} onChoose={(v) => choose("first", v)} />
        <Side label="Second" value={second} all={all} onChoose={(v) => choose("second", v)} />
        <label class="inline">
          <input type="checkbox" checked={onlyDifferent} onChange={(e) => setOnlyDifferent(e.currentTarget.checked)} /> only what differs
        </label>
      </div>
      {!isReady ? (
        <Empty title={first && first === second ? "These are the same" : "Choose a second participant"}>
          <p>Both have to have met the same scenarios with the same seeds.</p>
        </Empty>
      ) : (
        <Waiting of={compared}>{(found) => <Difference found={found} onlyDifferent={onlyDifferent} />}</Waiting>
      )}
    </>
  );
}

function Side(props: { label: string; value: string; all: readonly string[]; onChoose: (value: string) => void }): JSX.Element {
  const { label, value, all, onChoose } = props;
  return (
    <label>
      {label}
      <select value={value} onChange={(e) => onChoose(e.currentTarget.value)}>
        <option value="">choose</option>
        <option value="me">me: my own episodes</option>
        {all.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Difference({ found, onlyDifferent }: { found: Compared; onlyDifferent: boolean }): JSX.Element {
  const items = found.items.filter((i) => !onlyDifferent || Math.abs(i.difference) > 1e-9);
  const episode = (side: string, i: Compared["items"][number]) => {
    const at = side.indexOf(":");
    return at < 0 ? null : `/runs/${encodeURIComponent(side.slice(0, at))}/e/${encodeURIComponent(side.slice(at + 1))}/${encodeURIComponent(i.scenario)}/${i.seed}`;
  };
  return (
    <>
      <p>
        First less second: <b data-number="difference">{differed(found.headline)}</b>
        {found.headline.p !== undefined && `, p = ${three(found.headline.p)}`}; {found.n_common} questions in common (of {found.n_first} and {found.n_second}).
      </p>
      <details>
        <summary>By family</summary>
        <table>
          <tbody>
            {Object.entries(found.families).map(([name, d]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{differed(d)}</td>
                <td>{found.holm[name] === undefined ? "" : `p (Holm) ${three(found.holm[name])}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      {items.length === 0 && (
        <Empty title="No question differs">
          <p>Both gave the same answers.</p>
        </Empty>
      )}
      <div class="scroll" tabindex={0} role="region" aria-label="Questions">
        <table>
          <thead>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">Truth</th>
              <th scope="col">First</th>
              <th scope="col">Second</th>
              <th scope="col">Loss, second less first</th>
            </tr>
          </thead>
          <tbody>
            {items.slice(0, 300).map((i) => (
              <tr key={`${i.scenario}/${i.seed}/${i.question}`}>
                <td>
                  <span class="formula">{i.name}</span> <span class="quiet">{`${i.scenario}, seed ${i.seed}`}</span>
                </td>
                <td>{three(i.truth)}</td>
                <td>
                  <Answer side={i.first} href={episode(found.first, i)} />
                </td>
                <td>
                  <Answer side={i.second} href={episode(found.second, i)} />
                </td>
                <td>{signed(i.difference)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Answer({ side, href }: { side: Compared["items"][number]["first"]; href: string | null }): JSX.Element {
  const text = side.belief === null ? "no answer" : three(side.belief);
  return (
    <>
      {href ? <a href={href}>{text}</a> : text} {side.nearest !== "truth" && side.belief !== null && <span class="chip small">{side.nearest}</span>}
    </>
  );
}
