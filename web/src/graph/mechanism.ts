// Mechanisms that stay valid while parents come and go. Numbers that nobody gave are made up so
// that an arrow shows an effect: each parent's state shifts the odds.

import type { Mechanism, Table, Variable } from "./types";

/** Parents up to which a table is kept; beyond, a noisy-or has one number a parent. */
export const MOST_TABLE_PARENTS = 8;
const SHIFT = 1.1;

export function round(value: number, digits = 3): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** A table for a variable, each parent with its own push, seeded by the names. */
export function madeUp(
  name: string,
  nStates: number,
  parents: readonly { name: string; nStates: number }[],
): Mechanism {
  if (parents.length > MOST_TABLE_PARENTS && nStates === 2 && parents.every((p) => p.nStates === 2)) {
    return { kind: "noisy-or", strengths: parents.map((p) => 0.2 + 0.4 * unit(p.name + name)), leak: 0.05 };
  }
  const base = 0.8 * unit(name) - 0.4;
  const pushes = parents.map((p) => (unit(`${p.name}>${name}`) < 0.25 ? -1 : 1) * SHIFT * (0.7 + 0.6 * unit(p.name + name)));
  const rows = settings(parents.map((p) => p.nStates)).map((setting) => {
    const tilt = setting.reduce((sum, s, i) => {
      const n = parents[i]?.nStates ?? 2;
      return sum + (pushes[i] ?? 0) * (s / Math.max(n - 1, 1) - 0.5);
    }, base);
    return softRow(tilt, nStates);
  });
  return { kind: "table", coupling: null, rows };
}

/** Every setting of axes with so many states, the last turning fastest. */
export function settings(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (found, n) => found.flatMap((s) => Array.from({ length: n }, (_, i) => [...s, i])),
    [[]],
  );
}

function softRow(tilt: number, n: number): number[] {
  const weights = Array.from({ length: n }, (_, s) => Math.exp(tilt * 2 * (s / Math.max(n - 1, 1) - 0.5)));
  const total = weights.reduce((a, b) => a + b, 0);
  return closed(weights.map((w) => round(w / total)));
}

/** Make a row sum to one by its last entry. */
export function closed(row: readonly number[]): number[] {
  const rest = row.slice(0, -1).reduce((a, b) => a + b, 0);
  return [...row.slice(0, -1), Math.max(0, round(1 - rest, 12))];
}

/** The mechanism as a table; a noisy-or of many parents has none. */
export function asTable(variable: Variable, sizes: readonly number[]): Table {
  const m = variable.mechanism;
  if (m.kind === "table") return m;
  if (m.kind === "deterministic") {
    const rows = m.outputs.map((s) => variable.states.map((_, i) => (i === s ? 1 : 0)));
    return { kind: "table", coupling: null, rows };
  }
  const rows = settings(sizes).map((on) => {
    const off = on.reduce((p, s, i) => p * (s ? 1 - (m.strengths[i] ?? 0) : 1), 1 - m.leak);
    return closed([round(off, 12), 0]);
  });
  return { kind: "table", coupling: null, rows };
}

/** Add a parent at the end: it shifts the odds of every row. */
export function withParent(variable: Variable, sizes: readonly number[], nStates: number, seed: string): Mechanism {
  const m = variable.mechanism;
  if (m.kind === "noisy-or" && nStates === 2) return { ...m, strengths: [...m.strengths, 0.4] };
  const table = asTable(variable, sizes);
  const push = (unit(seed) < 0.25 ? -1 : 1) * SHIFT;
  const rows = table.rows.flatMap((row) =>
    Array.from({ length: nStates }, (_, s) => shifted(row, push * (s / Math.max(nStates - 1, 1) - 0.5) * 2)),
  );
  return { kind: "table", coupling: table.coupling, rows };
}

function shifted(row: readonly number[], tilt: number): number[] {
  const n = row.length;
  const weights = row.map((p, s) => p * Math.exp(tilt * (s / Math.max(n - 1, 1) - 0.5)));
  const total = weights.reduce((a, b) => a + b, 0) || 1;
  return closed(weights.map((w) => round(w / total)));
}

/** Take the parent at a place away: its rows are averaged. */
export function withoutParent(variable: Variable, sizes: readonly number[], place: number): Mechanism {
  const m = variable.mechanism;
  if (m.kind === "noisy-or") return { ...m, strengths: m.strengths.filter((_, i) => i !== place) };
  const table = asTable(variable, sizes);
  const n = sizes[place] ?? 1;
  const kept = sizes.filter((_, i) => i !== place);
  const rows = settings(kept).map((setting) => {
    const full = Array.from({ length: n }, (_, s) => rowOf(table, sizes, [...setting.slice(0, place), s, ...setting.slice(place)]));
    return closed(variable.states.map((_, k) => round(full.reduce((a, row) => a + (row[k] ?? 0), 0) / n, 12)));
  });
  return { kind: "table", coupling: table.coupling, rows };
}

export function rowIndex(sizes: readonly number[], setting: readonly number[]): number {
  return setting.reduce((at, s, i) => at * (sizes[i] ?? 1) + s, 0);
}

function rowOf(table: Table, sizes: readonly number[], setting: readonly number[]): readonly number[] {
  return table.rows[rowIndex(sizes, setting)] ?? [];
}

/** Set one probability of a row; the others keep their proportions. */
export function withEntry(row: readonly number[], place: number, p: number): number[] {
  const rest = row.reduce((sum, q, i) => (i === place ? sum : sum + q), 0);
  const others = row.length - 1;
  const found = row.map((q, i) => {
    if (i === place) return p;
    return rest > 0 ? ((1 - p) * q) / rest : (1 - p) / others;
  });
  const last = place === row.length - 1 ? row.length - 2 : row.length - 1;
  const sum = found.reduce((total, q, i) => (i === last ? total : total + round(q, 6)), 0);
  return found.map((q, i) => (i === last ? Math.max(0, round(1 - sum, 12)) : round(q, 6)));
}

/** A number from 0 to 1 that a text always gives. */
export function unit(text: string): number {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ (c.codePointAt(0) ?? 0), 16777619);
  h ^= h >>> 15;
  h = Math.imul(h, 2246822519);
  return ((h ^ (h >>> 13)) >>> 0) / 4294967296;
}
