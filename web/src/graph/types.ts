// What the graph is: variables with their mechanisms, and what is done, given and marked on it.
// Every value is immutable; a command gives a new scene.

export type Coupling = "comonotone" | "independent";

/** P(variable | parents): one row for each setting of the parents, the last parent turning fastest. */
export interface Table {
  readonly kind: "table";
  readonly coupling: Coupling | null;
  readonly rows: readonly (readonly number[])[];
}

/** A function of the parents: the number of the state for each setting of the parents. */
export interface Deterministic {
  readonly kind: "deterministic";
  readonly outputs: readonly number[];
}

/** Each parent that is on brings the variable about with its own strength. */
export interface NoisyOr {
  readonly kind: "noisy-or";
  readonly strengths: readonly number[];
  readonly leak: number;
}

export type Mechanism = Table | Deterministic | NoisyOr;

export interface Variable {
  readonly name: string;
  readonly states: readonly string[];
  readonly latent: boolean;
  readonly parents: readonly string[];
  readonly mechanism: Mechanism;
  readonly x: number;
  readonly y: number;
}

/** A state that is forced, or the probabilities with which one is drawn. */
export type Act = string | Readonly<Record<string, number>>;

export interface Scene {
  readonly variables: readonly Variable[];
  readonly treatment: string | null;
  readonly outcome: string | null;
  /** The states that the question is about. */
  readonly level: string | null;
  readonly state: string | null;
  readonly adjusted: readonly string[];
  readonly selected: readonly string[];
  readonly acts: Readonly<Record<string, Act>>;
  readonly given: Readonly<Record<string, string>>;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Why something cannot be done, in words for the person who tried. */
export class Refusal extends Error {}

export const EMPTY: Scene = {
  variables: [],
  treatment: null,
  outcome: null,
  level: null,
  state: null,
  adjusted: [],
  selected: [],
  acts: {},
  given: {},
};

export function find(scene: Scene, name: string): Variable {
  const found = scene.variables.find((v) => v.name === name);
  if (!found) throw new Refusal(`there is no node ${name}`);
  return found;
}

export function childrenOf(scene: Scene, name: string): readonly Variable[] {
  return scene.variables.filter((v) => v.parents.includes(name));
}

/** A hidden root with two children is drawn as a dashed arc between them. */
export function isArc(scene: Scene, variable: Variable): boolean {
  return (
    variable.latent && variable.parents.length === 0 && childrenOf(scene, variable.name).length === 2
  );
}
