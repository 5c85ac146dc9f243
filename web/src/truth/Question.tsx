// Which effect is asked about: treatment and outcome, each with a state.

import type { JSX } from "preact";

import type { Stage } from "../canvas/stage";
import { ask, toggleRole } from "../graph/commands";
import type { Scene } from "../graph/types";

export function Question({ stage }: { stage: Stage }): JSX.Element {
  const scene = stage.scene.value;
  return (
    <fieldset class="question">
      <legend>The question</legend>
      <Choice
        stage={stage}
        scene={scene}
        role="treatment"
        label="Treatment"
        onState={(level) => stage.history.apply(`The level is ${level}.`, (s) => ask(s, { level }))}
        state={scene.level}
      />
      <Choice
        stage={stage}
        scene={scene}
        role="outcome"
        label="Outcome"
        onState={(state) => stage.history.apply(`The outcome is ${state}.`, (s) => ask(s, { state }))}
        state={scene.state}
      />
    </fieldset>
  );
}

interface Props {
  readonly stage: Stage;
  readonly scene: Scene;
  readonly role: "treatment" | "outcome";
  readonly label: string;
  readonly state: string | null;
  readonly onState: (state: string) => void;
}

function Choice({ stage, scene, role, label, state, onState }: Props): JSX.Element {
  const name = scene[role];
  const choose = (chosen: string) => {
    if (chosen && chosen !== name) stage.history.apply(`${chosen} is the ${role}.`, (s) => toggleRole(s, chosen, role));
  };
  const states = scene.variables.find((v) => v.name === name)?.states ?? [];
  return (
    <div class="choice">
      <label>
        {label}
        <select value={name ?? ""} onChange={(e) => choose(e.currentTarget.value)}>
          {name === null && <option value="">choose</option>}
          {scene.variables
            .filter((v) => !v.latent)
            .map((v) => (
              <option key={v.name} value={v.name}>
                {v.name}
              </option>
            ))}
        </select>
      </label>
      {states.length > 0 && (
        <label>
          {role === "treatment" ? "set to" : "being"}
          <select value={state ?? ""} onChange={(e) => onState(e.currentTarget.value)}>
            {states.map((s) => (
              <option key={s} value={s}>
                {s}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
