// What the service replies; the forms of requests are in api.gen.ts.

import type { Drawn } from "../graph/document";

export interface Numbered {
  query: string;
  value?: number;
  undefined?: string;
}

export interface LureNumber {
  fallacy: string;
  query: string;
  value: number;
}

export interface Contrast {
  see: Numbered;
  do: Numbered;
  bias: number | null;
  lures: LureNumber[];
  adjusted: (Numbered & { set: string[]; valid: boolean; reason: string }) | null;
  belief: { p: number; brier: number; log: number; nearest: string; distance: number } | null;
  marginals: Record<string, Record<string, number>>;
  undefined?: string;
}

export interface PathLine {
  nodes: string[];
  edges: string[];
  text: string;
  causal: boolean;
  open: boolean;
  blockers: string[];
  colliders: string[];
}

export interface Interval {
  query: string;
  lower?: number;
  upper?: number;
  sharp?: boolean;
  reason?: string;
  undefined?: string;
}

export interface Adjustment {
  adjustment_sets: string[][];
  reason?: string;
  optimal: { set?: string[]; none?: string };
  frontdoor_sets: string[][];
  instruments: { variable: string; given: string[] }[];
  candidates: { habit: string; set: string[]; valid: boolean; reason: string }[];
}

export interface Verdict {
  query: string;
  identified: boolean;
  derivation: string[];
  references: string[];
  estimand?: string;
  latex?: string;
  obstruction?: { kind: string; text: string };
  witness?: { query: string; first: number; second: number } | null;
  hedge?: { forest: string[]; subforest: string[] };
  measure?: string[][];
  bounds?: Interval;
  paths: PathLine[];
  has_more_paths: boolean;
  adjustment: Adjustment;
}

export interface Imagined {
  factual: Record<string, string>;
  worlds: { level: string; query: string; value?: number; undefined?: string; bounds?: Interval }[];
}

export interface ScenarioModel extends Drawn {
  id: string;
  title: string;
  story: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}
