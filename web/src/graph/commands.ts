// Commands: each gives a new scene, or refuses with a sentence. None touches what it was given.

import { asTable, madeUp, MOST_TABLE_PARENTS, withParent, withoutParent } from "./mechanism";
import type { Act, Mechanism, Point, Scene, Variable } from "./types";
import { childrenOf, find, isArc, Refusal } from "./types";

const MOST_NODES = 500;
const MOST_PARENTS = 24;

export function sizesOf(scene: Scene, names: readonly string[]): number[] {
  return names.map((name) => find(scene, name).states.length);
}

function change(scene: Scene, name: string, part: Partial<Variable>): Scene {
  return { ...scene, variables: scene.variables.map((v) => (v.name === name ? { ...v, ...part } : v)) };
}

/** The first of X1, X2, ... or U1, U2, ... that is free. */
export function freshName(scene: Scene, letter: string): string {
  for (let i = 1; ; i++) {
    const name = `${letter}${i}`;
    if (!scene.variables.some((v) => v.name === name)) return name;
  }
}

export function addNode(scene: Scene, at: Point, name = freshName(scene, "X")): Scene {
  if (scene.variables.length >= MOST_NODES) throw new Refusal(`a graph has at most ${MOST_NODES} nodes`);
  const made: Variable = {
    name: checkedName(scene, name),
    states: ["0", "1"],
    latent: false,
    parents: [],
    mechanism: madeUp(name, 2, []),
    ...at,
  };
  return { ...scene, variables: [...scene.variables, made] };
}

function checkedName(scene: Scene, name: string): string {
  const found = name.trim();
  if (!found) throw new Refusal("a node needs a name");
  if (found.length > 60) throw new Refusal("a name has at most 60 characters");
  if (scene.variables.some((v) => v.name === found)) throw new Refusal(`there is a node ${found} already`);
  return found;
}

export function rename(scene: Scene, old: string, name: string): Scene {
  find(scene, old);
  if (name.trim() === old) return scene;
  const found = checkedName(scene, name);
  const swap = (n: string) => (n === old ? found : n);
  const swapOne = (n: string | null) => (n === null ? null : swap(n));
  const swapKeys = <T>(map: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [swap(key), value]));
  return {
    ...scene,
    variables: scene.variables.map((v) => ({ ...v, name: swap(v.name), parents: v.parents.map(swap) })),
    treatment: swapOne(scene.treatment),
    outcome: swapOne(scene.outcome),
    adjusted: scene.adjusted.map(swap),
    selected: scene.selected.map(swap),
    acts: swapKeys(scene.acts),
    given: swapKeys(scene.given),
  };
}

export function remove(scene: Scene, name: string): Scene {
  find(scene, name);
  let cut = scene;
  for (const child of childrenOf(scene, name)) cut = disconnect(cut, name, child.name);
  // A hidden cause that is left with one child explains nothing any more.
  const idle = scene.variables.filter(
    (v) => v.name !== name && isArc(scene, v) && childrenOf(scene, v.name).some((c) => c.name === name),
  );
  const gone = new Set([name, ...idle.map((v) => v.name)]);
  for (const hidden of idle)
    for (const child of childrenOf(cut, hidden.name)) cut = disconnect(cut, hidden.name, child.name);
  const keep = <T>(map: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(map).filter(([key]) => !gone.has(key)));
  const isGone = (n: string | null) => n !== null && gone.has(n);
  return {
    ...cut,
    variables: cut.variables.filter((v) => !gone.has(v.name)),
    treatment: isGone(cut.treatment) ? null : cut.treatment,
    level: isGone(cut.treatment) ? null : cut.level,
    outcome: isGone(cut.outcome) ? null : cut.outcome,
    state: isGone(cut.outcome) ? null : cut.state,
    adjusted: cut.adjusted.filter((n) => !gone.has(n)),
    selected: cut.selected.filter((n) => !gone.has(n)),
    acts: keep(cut.acts),
    given: keep(cut.given),
  };
}

/** The directed way from one node to another, empty if there is none. */
export function directedPath(scene: Scene, from: string, to: string): string[] {
  const came = new Map<string, string>();
  const queue = [from];
  for (const name of queue) {
    if (name === to) {
      const path = [to];
      while (path[0] !== from) path.unshift(came.get(path[0] ?? from) ?? from);
      return path;
    }
    for (const child of childrenOf(scene, name)) {
      if (child.name !== from && !came.has(child.name)) {
        came.set(child.name, name);
        queue.push(child.name);
      }
    }
  }
  return [];
}

export function connect(scene: Scene, from: string, to: string): Scene {
  const cause = find(scene, from);
  const effect = find(scene, to);
  if (from === to) throw new Refusal(`${from} cannot cause itself`);
  if (effect.parents.includes(from)) throw new Refusal(`${from} → ${to} is there already`);
  const back = directedPath(scene, to, from);
  if (back.length) throw new Refusal(`${from} → ${to} would close the cycle ${[...back, to].join(" → ")}`);
  if (effect.parents.length >= MOST_PARENTS) throw new Refusal(`a node has at most ${MOST_PARENTS} parents here`);
  return change(scene, to, {
    parents: [...effect.parents, from],
    mechanism: grown(scene, effect, cause),
  });
}

function grown(scene: Scene, effect: Variable, cause: Variable): Mechanism {
  const sizes = sizesOf(scene, effect.parents);
  const isLarge = effect.parents.length >= MOST_TABLE_PARENTS && effect.mechanism.kind !== "noisy-or";
  if (!isLarge) return withParent(effect, sizes, cause.states.length, `${cause.name}>${effect.name}`);
  const parents = [...effect.parents, cause.name].map((name) => ({ name, nStates: find(scene, name).states.length }));
  const made = madeUp(effect.name, effect.states.length, parents);
  if (made.kind === "table" && made.rows.length > 4096)
    throw new Refusal(`a table of ${effect.name} with one more parent would have ${made.rows.length} rows`);
  return made;
}

export function disconnect(scene: Scene, from: string, to: string): Scene {
  const effect = find(scene, to);
  const place = effect.parents.indexOf(from);
  if (place < 0) throw new Refusal(`there is no arrow ${from} → ${to}`);
  return change(scene, to, {
    parents: effect.parents.filter((p) => p !== from),
    mechanism: withoutParent(effect, sizesOf(scene, effect.parents), place),
  });
}

/** The hidden common cause of two nodes that is drawn as an arc. */
export function arcBetween(scene: Scene, a: string, b: string): Variable | undefined {
  return scene.variables.find(
    (v) => isArc(scene, v) && [a, b].every((n) => childrenOf(scene, v.name).some((c) => c.name === n)),
  );
}

export function addArc(scene: Scene, a: string, b: string): Scene {
  const [first, second] = [find(scene, a), find(scene, b)];
  if (a === b) throw new Refusal("a hidden common cause joins two nodes");
  if (arcBetween(scene, a, b)) throw new Refusal(`${a} ↔ ${b} is there already`);
  const name = freshName(scene, "U");
  const at = { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 - 70 };
  const made = change(addNode(scene, at, name), name, { latent: true });
  return connect(connect(made, name, a), name, b);
}

export function setLatent(scene: Scene, name: string, latent: boolean): Scene {
  const changed = change(scene, name, { latent });
  if (!latent) return changed;
  const { [name]: _, ...given } = changed.given;
  return {
    ...changed,
    given,
    adjusted: changed.adjusted.filter((n) => n !== name),
    treatment: changed.treatment === name ? null : changed.treatment,
    outcome: changed.outcome === name ? null : changed.outcome,
  };
}

export function setAct(scene: Scene, name: string, act: Act | null): Scene {
  find(scene, name);
  const { [name]: _, ...acts } = scene.acts;
  if (act === null) return { ...scene, acts };
  const { [name]: __, ...given } = scene.given;
  return { ...scene, acts: { ...acts, [name]: act }, given };
}

export function setGiven(scene: Scene, name: string, label: string | null): Scene {
  const found = find(scene, name);
  if (label !== null && found.latent) throw new Refusal(`${name} is hidden, so nobody can condition on it`);
  const { [name]: _, ...given } = scene.given;
  if (label === null) return { ...scene, given };
  const { [name]: __, ...acts } = scene.acts;
  return { ...scene, given: { ...given, [name]: label }, acts };
}

export type Role = "treatment" | "outcome" | "adjusted" | "selected";

export function toggleRole(scene: Scene, name: string, role: Role): Scene {
  const found = find(scene, name);
  if (found.latent && role !== "selected") throw new Refusal(`${name} is hidden; make it observed first`);
  if (role === "adjusted" || role === "selected") {
    const had = scene[role].includes(name);
    return { ...scene, [role]: had ? scene[role].filter((n) => n !== name) : [...scene[role], name] };
  }
  const other = role === "treatment" ? "outcome" : "treatment";
  const cleared = scene[other] === name ? asking(scene, other, null) : scene;
  return asking(cleared, role, scene[role] === name ? null : name);
}

function asking(scene: Scene, role: "treatment" | "outcome", name: string | null): Scene {
  const state = name === null ? null : (find(scene, name).states.at(-1) ?? null);
  const adjusted = scene.adjusted.filter((n) => n !== name);
  return role === "treatment"
    ? { ...scene, adjusted, treatment: name, level: state }
    : { ...scene, adjusted, outcome: name, state };
}

export function ask(scene: Scene, part: { level?: string; state?: string }): Scene {
  return { ...scene, ...part };
}

export function setAdjusted(scene: Scene, names: readonly string[]): Scene {
  return { ...scene, adjusted: [...names] };
}

export function move(scene: Scene, name: string, at: Point): Scene {
  return change(scene, name, { x: Math.round(at.x), y: Math.round(at.y) });
}

export function place(scene: Scene, places: Readonly<Record<string, Point>>): Scene {
  return { ...scene, variables: scene.variables.map((v) => ({ ...v, ...(places[v.name] ?? {}) })) };
}

export function setMechanism(scene: Scene, name: string, mechanism: Mechanism): Scene {
  return change(scene, name, { mechanism });
}

/** Give a variable other states; the tables of it and its children are made up anew. */
export function setStates(scene: Scene, name: string, labels: readonly string[]): Scene {
  const clean = labels.map((l) => l.trim()).filter(Boolean);
  if (clean.length < 2) throw new Refusal("a variable has two states at least");
  if (new Set(clean).size < clean.length) throw new Refusal("each state is named once");
  if (clean.length > 12) throw new Refusal("a variable has at most 12 states here");
  const found = find(scene, name);
  const isRelabelled = clean.length === found.states.length;
  const { [name]: _, ...acts } = scene.acts;
  const { [name]: __, ...given } = scene.given;
  let next: Scene = change({ ...scene, acts, given }, name, { states: clean });
  if (!isRelabelled) {
    for (const v of [name, ...childrenOf(scene, name).map((c) => c.name)]) {
      const variable = find(next, v);
      const parents = variable.parents.map((p) => ({ name: p, nStates: find(next, p).states.length }));
      next = change(next, v, { mechanism: madeUp(v, variable.states.length, parents) });
    }
  }
  if (next.treatment === name) next = { ...next, level: clean.at(-1) ?? null };
  return next.outcome === name ? { ...next, state: clean.at(-1) ?? null } : next;
}

/** The next step of free → last state → ... → first state → free. */
export function nextAct(scene: Scene, name: string): Act | null {
  const { states } = find(scene, name);
  const act = scene.acts[name];
  if (act === undefined) return states.at(-1) ?? null;
  if (typeof act !== "string") return null;
  const place = states.indexOf(act);
  return place > 0 ? (states[place - 1] ?? null) : null;
}

export function nextGiven(scene: Scene, name: string): string | null {
  const { states } = find(scene, name);
  const label = scene.given[name];
  if (label === undefined) return states.at(-1) ?? null;
  const at = states.indexOf(label);
  return at > 0 ? (states[at - 1] ?? null) : null;
}

/** Every state as likely as the others: a randomised experiment. */
export function randomised(scene: Scene, name: string): Act {
  const { states } = find(scene, name);
  const p = 1 / states.length;
  return Object.fromEntries(states.map((s) => [s, p]));
}

/** How many arrows an act on a node cuts. */
export function nCut(scene: Scene, name: string): number {
  return find(scene, name).parents.length;
}

export { asTable };
