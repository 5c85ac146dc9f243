// Modes, undo and redo, tidy; and for the focused node each key as a button.

import type { JSX } from "preact";

import * as commands from "../graph/commands";
import { KEYS } from "./keys";
import type { Mode, Stage } from "./stage";

interface Props {
  readonly stage: Stage;
  readonly onTidy?: () => void;
  readonly onRename?: (name: string) => void;
  readonly onHelp?: () => void;
}

const MODES: readonly [Mode, string, string][] = [
  ["do", "Do", "Click a node to force its state; drag it to move"],
  ["arrow", "Arrow →", "Click or drag from cause to effect"],
  ["hidden", "Hidden ↔", "Click or drag between two nodes that share a hidden cause"],
  ["box", "Box ☐", "Click a node to adjust for it"],
  ["move", "Move", "Drag nodes, or move the focused one with arrow keys"],
];

export function Toolbar({ stage, onTidy, onRename, onHelp }: Props): JSX.Element {
  void stage.steps.value;
  const mode = stage.mode.value;
  const choose = (next: Mode) => {
    stage.from.value = null;
    stage.mode.value = next;
  };
  return (
    <div class="toolbar" role="toolbar" aria-label="Graph tools">
      <div class="group">
        {MODES.filter(([m]) => stage.canEdit || m === "do" || m === "box").map(([m, name, hint]) => (
          <button key={m} type="button" aria-pressed={mode === m} title={hint} onClick={() => choose(m)}>
            {name}
          </button>
        ))}
      </div>
      <div class="group">
        <button type="button" disabled={!stage.history.canUndo} title="Ctrl+Z" onClick={() => stage.history.undo()}>
          Undo
        </button>
        <button type="button" disabled={!stage.history.canRedo} title="Ctrl+Shift+Z" onClick={() => stage.history.redo()}>
          Redo
        </button>
      </div>
      <div class="group">
        {stage.canEdit && (
          <button type="button" onClick={() => stage.add()}>
            New node
          </button>
        )}
        {onTidy && (
          <button type="button" onClick={onTidy}>
            Tidy
          </button>
        )}
        {onHelp && (
          <button type="button" title="?" onClick={onHelp}>
            Help
          </button>
        )}
      </div>
      <NodeTools stage={stage} onRename={onRename} />
    </div>
  );
}

function NodeTools({ stage, onRename }: { stage: Stage; onRename: ((name: string) => void) | undefined }): JSX.Element {
  const name = stage.focus.value;
  const v = name === null ? undefined : stage.find(name);
  if (!v || name === null) return <p class="node-tools quiet">Choose a node to act on it.</p>;
  const scene = stage.scene.value;
  const act = scene.acts[name];
  return (
    <div class="node-tools" role="group" aria-label={`Node ${name}`}>
      <b class="node-name">{name}</b>
      <label>
        do
        <select
          value={act === undefined ? "" : typeof act === "string" ? `=${act}` : "~"}
          onChange={(e) => stage.act(name, chosen(stage, name, e.currentTarget.value))}
        >
          <option value="">free</option>
          {v.states.map((s) => (
            <option key={s} value={`=${s}`}>
              {s}
            </option>
          ))}
          <option value="~">randomise</option>
        </select>
      </label>
      <label>
        given
        <select
          value={scene.given[name] ?? ""}
          disabled={v.latent}
          onChange={(e) => {
            const label = e.currentTarget.value || null;
            stage.history.apply(label === null ? `${name} is no longer given.` : `Given ${name}=${label}.`, (s) => commands.setGiven(s, name, label));
          }}
        >
          <option value="">any</option>
          {v.states.map((s) => (
            <option key={s} value={s}>
              {s}
            </option>
          ))}
        </select>
      </label>
      {KEYS.filter((k) => k.needsNode && !["i", "w", "g"].includes(k.keys[0] ?? "") && (stage.canEdit || !k.edits)).map((k) => (
        <button key={k.label} type="button" class="key" title={k.label} aria-label={`${SHORT[k.keys[0] ?? ""] ?? k.label} ${k.keys[0]} (key)`} onClick={() => k.act(stage, name, { onRename })}>
          {SHORT[k.keys[0] ?? ""]} <kbd>{k.keys[0]}</kbd>
        </button>
      ))}
    </div>
  );
}

const SHORT: Readonly<Record<string, string>> = {
  r: "Rename",
  c: "Arrow",
  b: "Hidden cause",
  e: "Treatment",
  o: "Outcome",
  a: "Adjust",
  u: "Hidden",
  s: "Selected",
  d: "Delete",
};

function chosen(stage: Stage, name: string, value: string) {
  if (value === "") return null;
  return value === "~" ? commands.randomised(stage.scene.value, name) : value.slice(1);
}
