// How a variable comes about: its states, and one slider for each probability of its table.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import * as commands from "../graph/commands";
import { asTable, settings, withEntry } from "../graph/mechanism";
import type { Coupling, Mechanism, Scene, Variable } from "../graph/types";
import type { Stage } from "./stage";

const MOST_ROWS = 64;

export function MechanismEditor({ stage }: { stage: Stage }): JSX.Element {
  const scene = stage.scene.value;
  const chosen = stage.focus.value ?? scene.outcome ?? scene.variables[0]?.name ?? "";
  const v = stage.find(chosen) ?? scene.variables[0];
  if (!v) return <p class="quiet">There is no node yet.</p>;
  return (
    <div class="mechanism">
      <label>
        Mechanism of
        <select value={v.name} onChange={(e) => (stage.focus.value = e.currentTarget.value)}>
          {scene.variables.map((o) => (
            <option key={o.name} value={o.name}>
              {o.name}
            </option>
          ))}
        </select>
      </label>
      <States key={`${v.name}:${v.states.join()}`} stage={stage} v={v} />
      <Numbers stage={stage} scene={scene} v={v} />
    </div>
  );
}

function States({ stage, v }: { stage: Stage; v: Variable }): JSX.Element {
  const [text, setText] = useState(v.states.join(", "));
  const save = (event: Event) => {
    event.preventDefault();
    stage.history.apply(`States of ${v.name} changed.`, (s) => commands.setStates(s, v.name, text.split(",")));
  };
  return (
    <form class="states" onSubmit={save}>
      <label>
        States, the last counts as “on”
        <input value={text} disabled={!stage.canEdit} onInput={(e) => setText(e.currentTarget.value)} />
      </label>
      <button type="submit" disabled={!stage.canEdit || text === v.states.join(", ")}>
        Set states
      </button>
    </form>
  );
}

function Numbers({ stage, scene, v }: { stage: Stage; scene: Scene; v: Variable }): JSX.Element {
  const set = (mechanism: Mechanism, what: string) => stage.history.apply(what, (s) => commands.setMechanism(s, v.name, mechanism));
  const m = v.mechanism;
  if (m.kind === "noisy-or") return <NoisyOrNumbers v={v} set={set} />;
  const sizes = commands.sizesOf(scene, v.parents);
  const rows = settings(sizes);
  if (rows.length > MOST_ROWS) return <p class="quiet">This table has {rows.length} rows; edit it as JSON under Text.</p>;
  const table = asTable(v, sizes);
  const edit = (row: number, place: number, p: number) => {
    const next = table.rows.map((r, i) => (i === row ? withEntry(r, place, p) : r));
    set({ ...table, rows: next }, `P(${v.name}) changed.`);
  };
  return (
    <>
      <label>
        Noise across worlds
        <select
          value={m.kind === "deterministic" ? "function" : (m.coupling ?? "")}
          disabled={m.kind === "deterministic"}
          onChange={(e) => set({ ...table, coupling: (e.currentTarget.value || null) as Coupling | null }, `Noise of ${v.name} declared.`)}
        >
          {m.kind === "deterministic" && <option value="function">a function, no noise</option>}
          <option value="">not declared</option>
          <option value="comonotone">comonotone</option>
          <option value="independent">independent</option>
        </select>
      </label>
      <div class="scroll" tabindex={0} role="region" aria-label={`Table of ${v.name}`}>
        <table class="cpt">
          <thead>
            <tr>
              {v.parents.map((p) => (
                <th scope="col" key={p}>
                  {p}
                </th>
              ))}
              {v.states.map((s) => (
                <th scope="col" key={s}>{`P(${v.name}=${s})`}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((setting, row) => (
              <tr key={setting.join()}>
                {setting.map((s, i) => (
                  <td key={v.parents[i]}>{stage.find(v.parents[i] ?? "")?.states[s]}</td>
                ))}
                {v.states.map((s, place) => (
                  <td key={s}>
                    <Entry
                      label={`P(${v.name}=${s}${spell(stage, v, setting)})`}
                      value={table.rows[row]?.[place] ?? 0}
                      onValue={(p) => edit(row, place, p)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function spell(stage: Stage, v: Variable, setting: readonly number[]): string {
  if (!setting.length) return "";
  return ` | ${setting.map((s, i) => `${v.parents[i]}=${stage.find(v.parents[i] ?? "")?.states[s]}`).join(", ")}`;
}

function NoisyOrNumbers({ v, set }: { v: Variable; set: (m: Mechanism, what: string) => void }): JSX.Element {
  const m = v.mechanism;
  if (m.kind !== "noisy-or") return <></>;
  return (
    <table class="cpt">
      <thead>
        <tr>
          <th scope="col">Cause</th>
          <th scope="col">brings it about with</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>nothing (leak)</td>
          <td>
            <Entry label={`leak of ${v.name}`} value={m.leak} onValue={(leak) => set({ ...m, leak }, `Leak of ${v.name} changed.`)} />
          </td>
        </tr>
        {v.parents.map((p, i) => (
          <tr key={p}>
            <td>{p}</td>
            <td>
              <Entry
                label={`strength of ${p}`}
                value={m.strengths[i] ?? 0}
                onValue={(s) => set({ ...m, strengths: m.strengths.map((t, j) => (j === i ? s : t)) }, `Strength of ${p} changed.`)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Entry({ label, value, onValue }: { label: string; value: number; onValue: (p: number) => void }): JSX.Element {
  return (
    <label class="entry">
      <span class="sr">{label}</span>
      <input type="range" min="0" max="1" step="0.005" value={value} onChange={(e) => onValue(Number(e.currentTarget.value))} />
      <output>{value.toFixed(3)}</output>
    </label>
  );
}
