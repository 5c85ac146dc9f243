// The store: a present scene, what came before, and what was undone. Who listens is told what
// happened in words, so the same sentence serves the status line and a screen reader.

import type { Scene } from "./types";
import { Refusal } from "./types";

const MOST_STEPS = 200;

export interface Told {
  readonly text: string;
  readonly isRefusal: boolean;
}

type Listener = (scene: Scene, told: Told) => void;

export class History {
  #present: Scene;
  #past: { scene: Scene; text: string }[] = [];
  #future: { scene: Scene; text: string }[] = [];
  #listeners = new Set<Listener>();

  constructor(scene: Scene) {
    this.#present = scene;
  }

  get scene(): Scene {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Carry out a command; a refusal changes nothing and is told. */
  apply(text: string, command: (scene: Scene) => Scene): boolean {
    let next: Scene;
    try {
      next = command(this.#present);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#tell(`Not done: ${error.message}.`, true);
      return false;
    }
    if (next === this.#present) return false;
    this.#past.push({ scene: this.#present, text });
    if (this.#past.length > MOST_STEPS) this.#past.shift();
    this.#future = [];
    this.#present = next;
    this.#tell(text);
    return true;
  }

  /** Show a scene without a step of its own, as while a node is dragged. */
  show(scene: Scene): void {
    this.#present = scene;
    this.#tell("");
  }

  /** Keep what was shown as one step from a scene before it. */
  settle(before: Scene, text: string): void {
    if (before === this.#present) return;
    this.#past.push({ scene: before, text });
    this.#future = [];
    this.#tell(text);
  }

  undo(): boolean {
    const step = this.#past.pop();
    if (!step) return this.#nothing("Nothing to undo.");
    this.#future.push({ scene: this.#present, text: step.text });
    this.#present = step.scene;
    this.#tell(`Undone: ${step.text}`);
    return true;
  }

  redo(): boolean {
    const step = this.#future.pop();
    if (!step) return this.#nothing("Nothing to redo.");
    this.#past.push({ scene: this.#present, text: step.text });
    this.#present = step.scene;
    this.#tell(`Done again: ${step.text}`);
    return true;
  }

  say(text: string): void {
    this.#tell(text);
  }

  #nothing(text: string): boolean {
    this.#tell(text);
    return false;
  }

  #tell(text: string, isRefusal = false): void {
    for (const listener of this.#listeners) listener(this.#present, { text, isRefusal });
  }
}
