// What keys do on a focused node: the letters of DAGitty, and our own for do, condition and move.

import * as commands from "../graph/commands";
import type { Direction } from "../graph/geometry";
import { step, towards } from "../graph/geometry";
import type { Stage } from "./stage";

interface More {
  readonly onRename?: ((name: string) => void) | undefined;
  readonly onHelp?: (() => void) | undefined;
}

export interface Key {
  readonly keys: readonly string[];
  readonly label: string;
  readonly needsNode: boolean;
  readonly edits: boolean;
  readonly act: (stage: Stage, name: string, more: More) => void;
}

export const KEYS: readonly Key[] = [
  { keys: ["i", "Enter"], label: "do: force the next state", needsNode: true, edits: false, act: (s, n) => confirm(s, n) },
  { keys: ["w"], label: "do: randomise", needsNode: true, edits: false, act: (s, n) => s.act(n, commands.randomised(s.scene.value, n)) },
  { keys: ["g"], label: "condition on the next state", needsNode: true, edits: false, act: (s, n) => s.cycleGiven(n) },
  { keys: ["n"], label: "new node", needsNode: false, edits: true, act: (s) => s.add() },
  { keys: ["r"], label: "rename", needsNode: true, edits: true, act: (_, n, more) => more.onRename?.(n) },
  { keys: ["c"], label: "connect: arrow from here, then at its end", needsNode: true, edits: true, act: (s, n) => s.link(n, "arrow") },
  { keys: ["b"], label: "hidden common cause from here, then at its end", needsNode: true, edits: true, act: (s, n) => s.link(n, "hidden") },
  { keys: ["e"], label: "treatment (exposure)", needsNode: true, edits: false, act: (s, n) => s.role(n, "treatment") },
  { keys: ["o"], label: "outcome", needsNode: true, edits: false, act: (s, n) => s.role(n, "outcome") },
  { keys: ["a"], label: "adjust for", needsNode: true, edits: false, act: (s, n) => s.role(n, "adjusted") },
  { keys: ["u"], label: "hidden or observed", needsNode: true, edits: true, act: (s, n) => s.latent(n) },
  { keys: ["s"], label: "selected on", needsNode: true, edits: true, act: (s, n) => s.role(n, "selected") },
  { keys: ["d", "Delete"], label: "delete", needsNode: true, edits: true, act: (s, n) => s.remove(n) },
  { keys: ["m"], label: "move mode: arrow keys move the node", needsNode: false, edits: true, act: (s) => toggleMove(s) },
  { keys: ["?"], label: "help", needsNode: false, edits: false, act: (_, __, more) => more.onHelp?.() },
];

export function onKey(event: KeyboardEvent, stage: Stage, more: More): void {
  if (event.altKey) return;
  const key = event.key;
  if (event.ctrlKey || event.metaKey) {
    if (key.toLowerCase() === "z") done(event, () => (event.shiftKey ? stage.history.redo() : stage.history.undo()));
    else if (key.toLowerCase() === "y") done(event, () => stage.history.redo());
    return;
  }
  const target = (event.target as Element).closest<SVGGElement>("[data-node]");
  const name = target?.dataset["node"] ?? null;
  if (key === "Escape") {
    stage.from.value = null;
    stage.mode.value = "do";
    stage.history.say("Nothing is being drawn.");
  } else if (key.startsWith("Arrow") && name) {
    done(event, () => walk(stage, name, key as Direction));
  } else {
    const found = KEYS.find((k) => k.keys.includes(key));
    if (!found || (found.needsNode && !name) || (found.edits && !stage.canEdit)) return;
    done(event, () => found.act(stage, name ?? "", more));
  }
}

function done(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  act();
}

/** Enter ends an arrow that was begun; else it forces the next state. */
function confirm(stage: Stage, name: string): void {
  const began = stage.from.value;
  if (began) stage.link(name, began.kind);
  else stage.cycleAct(name);
}

function toggleMove(stage: Stage): void {
  stage.mode.value = stage.mode.value === "move" ? "do" : "move";
  stage.history.say(stage.mode.value === "move" ? "Move mode: arrow keys move the node." : "Move mode is off.");
}

const PACE = 15;

function walk(stage: Stage, name: string, direction: Direction): void {
  const from = stage.find(name);
  if (!from) return;
  if (stage.mode.value === "move") {
    const { x, y } = step(direction);
    stage.history.apply(`${name} moved.`, (s) => commands.move(s, name, { x: from.x + PACE * x, y: from.y + PACE * y }));
    return;
  }
  const next = towards(stage.scene.value, stage.nodes.value, from, direction);
  if (next) stage.focus.value = next.name;
}
