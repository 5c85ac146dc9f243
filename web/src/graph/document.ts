// From and to the documents of the service: models with numbers, graphs without.

import { addArc, addNode, connect } from "./commands";
import { madeUp, settings } from "./mechanism";
import type { Mechanism, Point, Scene, Variable } from "./types";
import { EMPTY, find, Refusal } from "./types";

export const MODEL_FORMAT = "causal-interface-gym/model";
export const GRAPH_FORMAT = "causal-interface-gym/graph";

type Nested = number | Nested[];

export interface VariableDocument {
  name: string;
  states: string[];
  latent?: boolean;
  parents: string[];
  mechanism:
    | { kind: "table"; coupling: "comonotone" | "independent" | null; probabilities: Nested }
    | { kind: "deterministic"; states: Nested }
    | { kind: "noisy-or"; strengths: number[]; leak: number };
}

export interface ModelDocument {
  format: typeof MODEL_FORMAT;
  version: number;
  variables: VariableDocument[];
}

export interface GraphDocument {
  format: typeof GRAPH_FORMAT;
  version: number;
  nodes: string[];
  directed: [string, string][];
  bidirected: [string, string][];
}

/** What the service gives to draw. */
export interface Drawn {
  document: ModelDocument | GraphDocument;
  places: Record<string, [number, number]>;
  roles: Record<string, string[]>;
}

const STEP: Point = { x: 150, y: 105 };

/** The model as the service reads it. */
export function toDocument(scene: Scene): ModelDocument {
  return {
    format: MODEL_FORMAT,
    version: 1,
    variables: scene.variables.map((v) => variableDocument(scene, v)),
  };
}

function variableDocument(scene: Scene, v: Variable): VariableDocument {
  const sizes = v.parents.map((p) => find(scene, p).states.length);
  const base = { name: v.name, states: [...v.states], ...(v.latent ? { latent: true } : {}), parents: [...v.parents] };
  const m = v.mechanism;
  switch (m.kind) {
    case "table":
      return { ...base, mechanism: { kind: "table", coupling: m.coupling, probabilities: nested(m.rows.map((r) => [...r]), sizes) } };
    case "deterministic":
      return { ...base, mechanism: { kind: "deterministic", states: nested([...m.outputs], sizes) } };
    case "noisy-or":
      return { ...base, mechanism: { kind: "noisy-or", strengths: [...m.strengths], leak: m.leak } };
  }
}

/** Fold a flat list of rows into one axis a parent. */
function nested(rows: Nested[], sizes: readonly number[]): Nested {
  if (sizes.length === 0) return rows[0] ?? [];
  return [...sizes.slice(1)].reverse().reduce<Nested[]>((flat, n) => {
    const folded: Nested[] = [];
    for (let i = 0; i < flat.length; i += n) folded.push(flat.slice(i, i + n));
    return folded;
  }, rows);
}

export function fromDrawn(drawn: Drawn): Scene {
  const { document, roles } = drawn;
  const made = document.format === MODEL_FORMAT ? fromModel(document) : fromGraph(document, roles["latent"] ?? []);
  const placed = { ...made, variables: made.variables.map((v) => ({ ...v, ...at(drawn, v) })) };
  return withRoles(placed, roles);
}

function at(drawn: Drawn, v: Variable): Point {
  const place = drawn.places[v.name];
  return place ? { x: place[0] * STEP.x, y: place[1] * STEP.y } : { x: v.x, y: v.y };
}

function fromModel(document: ModelDocument): Scene {
  const variables = document.variables.map(
    (d): Variable => ({
      name: d.name,
      states: d.states,
      latent: d.latent ?? false,
      parents: d.parents,
      mechanism: mechanism(d),
      x: 0,
      y: 0,
    }),
  );
  return { ...EMPTY, variables };
}

function mechanism(d: VariableDocument): Mechanism {
  const m = d.mechanism;
  const n = d.states.length;
  if (m.kind === "noisy-or") return m;
  if (m.kind === "deterministic") return { kind: "deterministic", outputs: flattened(m.states) };
  const flat = flattened(m.probabilities);
  const rows = Array.from({ length: flat.length / n }, (_, i) => flat.slice(i * n, (i + 1) * n));
  return { kind: "table", coupling: m.coupling, rows };
}

function flattened(found: Nested): number[] {
  return typeof found === "number" ? [found] : found.flatMap(flattened);
}

/** A graph without numbers gets some, so that there is something to see; they are made up. */
function fromGraph(document: GraphDocument, latent: readonly string[]): Scene {
  let scene: Scene = EMPTY;
  for (const name of document.nodes) scene = addNode(scene, { x: 0, y: 0 }, name);
  for (const [from, to] of document.directed) scene = connect(scene, from, to);
  const hidden = new Set(latent);
  scene = { ...scene, variables: scene.variables.map((v) => (hidden.has(v.name) ? { ...v, latent: true } : v)) };
  for (const [a, b] of document.bidirected) scene = addArc(scene, a, b);
  return renumbered(scene);
}

/** Make up all numbers anew. */
export function renumbered(scene: Scene): Scene {
  const variables = scene.variables.map((v) => {
    const parents = v.parents.map((p) => ({ name: p, nStates: find(scene, p).states.length }));
    return { ...v, mechanism: madeUp(v.name, v.states.length, parents) };
  });
  return { ...scene, variables };
}

function withRoles(scene: Scene, roles: Readonly<Record<string, string[]>>): Scene {
  const names = new Set(scene.variables.filter((v) => !v.latent).map((v) => v.name));
  const known = (role: string) => (roles[role] ?? []).filter((n) => names.has(n));
  const [x, y] = [known("exposure")[0] ?? null, known("outcome")[0] ?? null];
  const last = (name: string | null) => (name === null ? null : (find(scene, name).states.at(-1) ?? null));
  return {
    ...scene,
    treatment: x,
    outcome: y,
    level: last(x),
    state: last(y),
    adjusted: known("adjusted"),
    selected: known("selected"),
  };
}

/** Check what came from outside, such as a shared address, before it is drawn. */
export function checkedScene(data: unknown): Scene {
  const scene = data as Scene;
  const isText = (t: unknown) => typeof t === "string" && t.length > 0 && t.length <= 200;
  const names = new Set<string>();
  if (!Array.isArray(scene?.variables) || scene.variables.length > 500) throw new Refusal("this address holds no graph");
  for (const v of scene.variables) {
    const isSound =
      isText(v?.name) && !names.has(v.name) && Array.isArray(v.states) && v.states.length >= 1 && v.states.every(isText) &&
      Array.isArray(v.parents) && Number.isFinite(v.x) && Number.isFinite(v.y) && typeof v.mechanism === "object";
    if (!isSound) throw new Refusal("this address holds a damaged graph");
    names.add(v.name);
  }
  for (const v of scene.variables) {
    if (!v.parents.every((p: string) => names.has(p))) throw new Refusal("this address holds an arrow from nowhere");
    checkMechanism(scene, v);
  }
  if (hasCycle(scene)) throw new Refusal("this address holds a graph whose arrows run in a circle");
  const known = (list: unknown) => (Array.isArray(list) ? list.filter((n) => names.has(n as string)) : []) as string[];
  const one = (n: unknown) => (names.has(n as string) ? (n as string) : null);
  const keyed = <T>(map: Readonly<Record<string, T>> | undefined) =>
    Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => names.has(key)));
  return {
    variables: scene.variables,
    treatment: one(scene.treatment),
    outcome: one(scene.outcome),
    level: scene.level ?? null,
    state: scene.state ?? null,
    adjusted: known(scene.adjusted),
    selected: known(scene.selected),
    acts: keyed(scene.acts),
    given: keyed(scene.given),
  };
}

function checkMechanism(scene: Scene, v: Variable): void {
  const n = settings(v.parents.map((p) => find(scene, p).states.length).slice(0, 12)).length;
  const m = v.mechanism;
  const isSound =
    (m.kind === "table" && Array.isArray(m.rows) && m.rows.length === n && m.rows.every((r) => r.length === v.states.length)) ||
    (m.kind === "deterministic" && Array.isArray(m.outputs) && m.outputs.length === n) ||
    (m.kind === "noisy-or" && Array.isArray(m.strengths) && m.strengths.length === v.parents.length);
  if (!isSound) throw new Refusal(`this address holds a table of ${v.name} that does not fit its parents`);
}

export function hasCycle(scene: Scene): boolean {
  const left = new Map(scene.variables.map((v) => [v.name, v.parents.length]));
  const ready = scene.variables.filter((v) => v.parents.length === 0).map((v) => v.name);
  let seen = 0;
  const children = new Map<string, string[]>();
  for (const v of scene.variables) for (const p of v.parents) children.set(p, [...(children.get(p) ?? []), v.name]);
  for (const name of ready) {
    seen++;
    for (const child of children.get(name) ?? []) {
      const n = (left.get(child) ?? 0) - 1;
      left.set(child, n);
      if (n === 0) ready.push(child);
    }
  }
  return seen < scene.variables.length;
}
