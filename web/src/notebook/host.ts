// How a widget asks its kernel: a question with a number goes out, the answer with it comes back.

import type { Ask } from "../truth/truth";

/** The part of a notebook's model that is used; its values are kept alike on both sides. */
export interface Host {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, heard: () => void): void;
  off(event: string, heard: () => void): void;
}

interface Answered {
  readonly id?: number;
  readonly value?: unknown;
  readonly problem?: string;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export function overKernel(host: Host, refused: (message: string) => unknown): { ask: Ask; stop: () => void } {
  // Two views of one widget share its values, so their numbers must differ.
  let next = Math.floor(Math.random() * 1e9) * 1000;
  const waiting = new Map<number, Waiting>();
  const heard = () => {
    const found = host.get("answer") as Answered;
    const asked = found.id === undefined ? undefined : waiting.get(found.id);
    if (!asked || found.id === undefined) return;
    waiting.delete(found.id);
    if (found.problem === undefined) asked.resolve(found.value as never);
    else asked.reject(refused(found.problem));
  };
  host.on("change:answer", heard);
  const queue: { id: number; what: string; body: unknown }[] = [];
  const send = () => {
    const first = queue[0];
    if (!first) return;
    host.set("question", first);
    host.save_changes();
  };
  const ask: Ask = <T>(what: string, body: unknown, signal: AbortSignal) =>
    new Promise<T>((resolve, reject) => {
      const id = next++;
      const done = () => {
        queue.splice(queue.findIndex((q) => q.id === id), 1);
        send();
      };
      // One question at a time: a value that is set twice before it is sent arrives once.
      waiting.set(id, {
        resolve: (value) => (done(), resolve(value as T)),
        reject: (error) => (done(), reject(error)),
      });
      queue.push({ id, what, body });
      signal.addEventListener("abort", () => {
        const at = queue.findIndex((q) => q.id === id);
        if (at > 0) {
          queue.splice(at, 1);
          waiting.delete(id);
        }
      });
      if (queue.length === 1) send();
    });
  return { ask, stop: () => host.off("change:answer", heard) };
}
