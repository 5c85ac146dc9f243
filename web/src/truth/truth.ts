// What the service says about the scene: asked again when the question changes, last answer wins.

import { computed, effect, signal } from "@preact/signals";

import { post, Problem } from "../api/client";
import type { Contrast, Imagined, Verdict } from "../api/shapes";
import type { Stage } from "../canvas/stage";
import { toDocument } from "../graph/document";
import type { Scene } from "../graph/types";

/** An answer on its way, here, or refused. */
export interface Answer<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly isStale: boolean;
}

const NONE = { value: null, problem: null, isStale: false } as const;

export type View = "contrast" | "imagine";

/** How a question reaches the engine: over HTTP on a page, over the kernel in a notebook. */
export type Ask = <T>(what: string, body: unknown, signal: AbortSignal) => Promise<T>;

export const overHttp: Ask = (what, body, abort) => post(`playground/${what}`, body, { signal: abort });

export class Truth {
  readonly contrast = signal<Answer<Contrast>>(NONE);
  readonly verdict = signal<Answer<Verdict>>(NONE);
  readonly imagined = signal<Answer<Imagined>>(NONE);
  readonly view = signal<View>("contrast");
  readonly predictFirst = signal(false);
  /** What the person believes, for the question that it was stated for. */
  readonly belief = signal<{ key: string; p: number } | null>(null);
  readonly question;
  readonly isRevealed;
  readonly isGone = computed(() => this.contrast.value.problem?.isGone ?? false);
  readonly #retry = signal(0);
  readonly #stop: (() => void)[] = [];

  constructor(stage: Stage, ask: Ask = overHttp) {
    const numbers = computed(() => caseOf(stage.scene.value));
    const shape = computed(() => caseOf(stage.scene.value, true));
    this.question = computed(() => questionKey(stage.scene.value));
    this.isRevealed = computed(() => !this.predictFirst.value || this.belief.value?.key === this.question.value);
    const judged = computed(() => {
      const asked = numbers.value;
      const belief = this.belief.value;
      if (asked === null) return null;
      return belief?.key === this.question.value ? json(asked, { belief: belief.p }) : asked;
    });
    this.#stop.push(
      this.#watch("contrast", judged, this.contrast, ask),
      // What is not revealed must not stand under the nodes either.
      effect(() => {
        const found = this.contrast.value.value;
        stage.marginals.value = found && this.isRevealed.value ? found.marginals : {};
      }),
      this.#watch("verdict", shape, this.verdict, ask),
      this.#watch("imagine", computed(() => (this.view.value === "imagine" ? numbers.value : null)), this.imagined, ask),
    );
  }

  retry(): void {
    this.#retry.value++;
  }

  stop(): void {
    for (const end of this.#stop) end();
  }

  /** Ask again whenever a question changes; the text of a question is its identity. */
  #watch<T>(
    what: string,
    body: { readonly value: string | null },
    into: { value: Answer<T>; peek: () => Answer<T> },
    ask: Ask,
  ): () => void {
    let abort = new AbortController();
    return effect(() => {
      const asked = body.value;
      void this.#retry.value;
      abort.abort();
      abort = new AbortController();
      const { signal: mine } = abort;
      if (asked === null) {
        into.value = NONE;
        return;
      }
      into.value = { ...into.peek(), isStale: true };
      ask<T>(what, JSON.parse(asked), mine).then(
        (found) => {
          if (mine.aborted) return;
          into.value = { value: found, problem: null, isStale: false };
        },
        (error: unknown) => {
          if (mine.aborted) return;
          const problem = error instanceof Problem ? error : new Problem(500, String(error));
          into.value = { value: into.peek().value, problem, isStale: true };
        },
      );
    });
  }
}

/** The question in the form of the service, as text; null where nothing can be asked yet. */
export function caseOf(scene: Scene, isShapeOnly = false): string | null {
  const { treatment, outcome, level, state } = scene;
  if (treatment === null || outcome === null || level === null || state === null) return null;
  return JSON.stringify({
    model: { document: toDocument(scene) },
    treatment,
    level,
    outcome,
    state,
    do: scene.acts,
    given: scene.given,
    adjust: isShapeOnly ? scene.adjusted : scene.adjusted.filter((n) => n !== treatment && n !== outcome),
  });
}

/** What a belief is about: it stays when only drawing, adjustment or the act on the treatment change. */
function questionKey(scene: Scene): string {
  const { [scene.treatment ?? ""]: _, ...acts } = scene.acts;
  const bare = scene.variables.map(({ x: _x, y: _y, ...v }) => v);
  return JSON.stringify([bare, scene.treatment, scene.level, scene.outcome, scene.state, acts, scene.given]);
}

function json(body: string, more: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(body) as object), ...more });
}
