// One graph on a page: its history as signals, and what the person is doing with it.

import { batch, computed, signal } from "@preact/signals";

import * as commands from "../graph/commands";
import { drawnNodes } from "../graph/geometry";
import type { Told } from "../graph/history";
import { History } from "../graph/history";
import type { Act, Scene, Variable } from "../graph/types";

export type Mode = "do" | "arrow" | "hidden" | "box" | "move";

/** What an asked question was answered with, by node: the distribution in the world as drawn. */
export type Marginals = Readonly<Record<string, Readonly<Record<string, number>>>>;

export class Stage {
  readonly history: History;
  readonly scene;
  readonly told = signal<Told>({ text: "", isRefusal: false });
  readonly mode = signal<Mode>("do");
  readonly focus = signal<string | null>(null);
  /** Where an arrow or arc that is being drawn begins. */
  readonly from = signal<{ name: string; kind: "arrow" | "hidden" } | null>(null);
  readonly showHidden = signal(false);
  readonly isClassic = signal(false);
  readonly highlight = signal<readonly string[]>([]);
  readonly marginals = signal<Marginals>({});
  readonly steps = signal(0);
  readonly canEdit: boolean;
  readonly nodes;

  constructor(scene: Scene, canEdit = true) {
    this.history = new History(scene);
    this.scene = signal(scene);
    this.canEdit = canEdit;
    this.nodes = computed(() => drawnNodes(this.scene.value, this.showHidden.value));
    this.history.listen((next, told) =>
      batch(() => {
        this.scene.value = next;
        this.steps.value++;
        if (told.text) this.told.value = told;
      }),
    );
  }

  find(name: string): Variable | undefined {
    return this.scene.value.variables.find((v) => v.name === name);
  }

  load(scene: Scene, text: string): void {
    batch(() => {
      this.history.apply(text, () => scene);
      this.focus.value = null;
      this.from.value = null;
      this.marginals.value = {};
    });
  }

  act(name: string, act: Act | null): void {
    const cut = this.find(name)?.parents.length ?? 0;
    const arrows = cut === 1 ? "1 arrow" : `${cut} arrows`;
    const what = act === null ? `${name} is free again: ${arrows} restored.` : `do(${name}${spelled(act)}): ${arrows} cut.`;
    this.history.apply(what, (s) => commands.setAct(s, name, act));
  }

  cycleAct(name: string): void {
    this.act(name, commands.nextAct(this.scene.value, name));
  }

  cycleGiven(name: string): void {
    const label = commands.nextGiven(this.scene.value, name);
    const what = label === null ? `${name} is no longer given.` : `Given ${name}=${label}.`;
    this.history.apply(what, (s) => commands.setGiven(s, name, label));
  }

  role(name: string, role: commands.Role): void {
    const had = role === "adjusted" || role === "selected" ? this.scene.value[role].includes(name) : this.scene.value[role] === name;
    const words = { treatment: "the treatment", outcome: "the outcome", adjusted: "adjusted for", selected: "selected on" }[role];
    this.history.apply(`${name} is ${had ? "no longer " : ""}${words}.`, (s) => commands.toggleRole(s, name, role));
  }

  latent(name: string): void {
    const isHidden = !this.find(name)?.latent;
    this.history.apply(`${name} is ${isHidden ? "hidden" : "observed"}.`, (s) => commands.setLatent(s, name, isHidden));
  }

  /** Begin or end an arrow or arc; one that is there already is taken away. */
  link(name: string, kind: "arrow" | "hidden"): void {
    const began = this.from.value;
    if (!began || began.kind !== kind) {
      this.from.value = { name, kind };
      const what = kind === "arrow" ? "an arrow" : "a hidden common cause";
      this.history.say(`${what} from ${name}: now choose where it ends. Escape gives up.`);
      return;
    }
    this.from.value = null;
    this.join(began.name, name, kind);
  }

  join(from: string, to: string, kind: "arrow" | "hidden"): void {
    const scene = this.scene.value;
    if (from === to) {
      this.history.say("Given up.");
    } else if (kind === "hidden") {
      const had = commands.arcBetween(scene, from, to);
      if (had) this.history.apply(`${from} ↔ ${to} removed.`, (s) => commands.remove(s, had.name));
      else this.history.apply(`${from} ↔ ${to}: they share a hidden cause.`, (s) => commands.addArc(s, from, to));
    } else if (this.find(to)?.parents.includes(from)) {
      this.history.apply(`${from} → ${to} removed.`, (s) => commands.disconnect(s, from, to));
    } else {
      this.history.apply(`${from} → ${to} added; its numbers are made up.`, (s) => commands.connect(s, from, to));
    }
  }

  remove(name: string): void {
    if (this.history.apply(`${name} deleted.`, (s) => commands.remove(s, name))) this.focus.value = null;
  }

  add(at?: { x: number; y: number }): void {
    const scene = this.scene.value;
    const name = commands.freshName(scene, "X");
    const lowest = Math.max(...scene.variables.map((v) => v.y), -100);
    const spot = at ?? { x: scene.variables[0]?.x ?? 0, y: lowest + 100 };
    if (this.history.apply(`${name} added.`, (s) => commands.addNode(s, spot, name))) this.focus.value = name;
  }
}

export function spelled(act: Act): string {
  if (typeof act === "string") return `=${act}`;
  return ` ~ ${Object.entries(act).map(([label, p]) => `${label}: ${Math.round(p * 1000) / 1000}`).join(", ")}`;
}
