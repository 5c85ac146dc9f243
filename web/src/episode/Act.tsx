// Observe and intervene: how many rows, which ones, and what is set by force.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Action, Brief } from "../api/shapes";

interface Props {
  readonly brief: Brief;
  readonly budget: number;
  readonly isBusy: boolean;
  readonly act: (action: Action) => Promise<boolean>;
}

type Settings = Readonly<Record<string, string>>;

export function Act({ brief, budget, isBusy, act }: Props): JSX.Element | null {
  const canSee = brief.actions.includes("observe");
  const canDo = brief.actions.includes("intervene");
  const [n, setN] = useState(100);
  const [set, setSet] = useState<Settings>({});
  if (!canSee && !canDo) return null;
  const isDoing = Object.keys(set).length > 0;
  const cost = n * (isDoing ? brief.costs.experiment_row : brief.costs.row);
  const draw = () => void act(isDoing ? { kind: "intervene", set, n } : { kind: "observe", n, where: {} });
  return (
    <form
      class="panel"
      onSubmit={(event) => {
        event.preventDefault();
        draw();
      }}
    >
      <h2>Draw rows</h2>
      {canDo && (
        <fieldset class="settings">
          <legend>Set by force</legend>
          {brief.variables.map((v) => (
            <label key={v.name}>
              {v.name}
              <select
                value={set[v.name] ?? ""}
                onChange={(e) => {
                  const { [v.name]: _, ...rest } = set;
                  setSet(e.currentTarget.value ? { ...rest, [v.name]: e.currentTarget.value } : rest);
                }}
              >
                <option value="">{canSee ? "as it is" : "free"}</option>
                {Object.keys(v.states).map((s) => (
                  <option key={s} value={s}>
                    {s}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </fieldset>
      )}
      <div class="row">
        <label class="inline">
          Rows
          <input type="number" min="1" max="100000" value={n} onInput={(e) => setN(Math.max(1, Math.floor(Number(e.currentTarget.value)) || 1))} />
        </label>
        <button type="submit" class="primary" disabled={isBusy || (!isDoing && !canSee)}>
          {isDoing ? `Intervene: do(${Object.entries(set).map(([k, v]) => `${k}=${v}`).join(", ")})` : "Observe"}
        </button>
        <span class={cost > budget ? "bad-text" : "quiet"}>
          costs {cost} of {budget} left
        </span>
      </div>
    </form>
  );
}
