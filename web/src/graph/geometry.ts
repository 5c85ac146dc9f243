// Where things are drawn: rims, arrows, arcs, the frame around all, and the way for arrow keys.

import type { Point, Scene, Variable } from "./types";
import { childrenOf, isArc } from "./types";

export const HEIGHT = 40;
const CHARACTER = 8.4;

export function halfWidth(name: string): number {
  return Math.max(27, (Math.min(name.length, 22) * CHARACTER + 22) / 2);
}

/** A label that fits; the whole name is in the node's title. */
export function shortened(name: string): string {
  return name.length > 22 ? `${name.slice(0, 21)}…` : name;
}

/** The point of an ellipse's rim towards another point. */
export function rim(centre: Point, half: number, towards: Point, gap = 0): Point {
  const [dx, dy] = [towards.x - centre.x, towards.y - centre.y];
  const length = Math.hypot(dx, dy) || 1;
  const [a, b] = [half, HEIGHT / 2];
  const r = (a * b) / Math.hypot((b * dx) / length, (a * dy) / length) + gap;
  return { x: centre.x + (dx / length) * r, y: centre.y + (dy / length) * r };
}

export interface Line {
  readonly path: string;
  /** The middle, where a mark can stand. */
  readonly middle: Point;
}

/** A straight arrow, bent only where another node lies on its way. */
export function arrow(from: Variable, to: Variable, others: readonly Variable[]): Line {
  const blocking = others.find((o) => o.name !== from.name && o.name !== to.name && isNear(o, from, to));
  if (!blocking) {
    const [start, end] = [rim(from, halfWidth(from.name), to), rim(to, halfWidth(to.name), from, 3)];
    return { path: `M${n(start.x)} ${n(start.y)}L${n(end.x)} ${n(end.y)}`, middle: half(start, end) };
  }
  return curve(from, to, side(from, to, blocking) * 70, 3);
}

/** A dashed arc for a hidden common cause, bent away from the middle of the graph. */
export function arc(from: Variable, to: Variable, centre: Point): Line {
  const bend = -side(from, to, centre) || 1;
  return curve(from, to, -bend * Math.max(50, Math.hypot(to.x - from.x, to.y - from.y) * 0.28), 3);
}

function curve(from: Variable, to: Variable, bend: number, gap: number): Line {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const control = { x: (from.x + to.x) / 2 - (dy / length) * bend, y: (from.y + to.y) / 2 + (dx / length) * bend };
  const start = rim(from, halfWidth(from.name), control, gap);
  const end = rim(to, halfWidth(to.name), control, gap);
  const middle = half(half(start, end), control);
  return { path: `M${n(start.x)} ${n(start.y)}Q${n(control.x)} ${n(control.y)} ${n(end.x)} ${n(end.y)}`, middle };
}

/** 1 if a point lies to the right of the way between two others, -1 to the left. */
function side(from: Point, to: Point, point: Point): number {
  const cross = (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x);
  return cross > 0 ? -1 : 1;
}

function isNear(o: Variable, from: Point, to: Point): boolean {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((o.x - from.x) * dx + (o.y - from.y) * dy) / (dx * dx + dy * dy || 1);
  if (along <= 0.05 || along >= 0.95) return false;
  const foot = { x: from.x + along * dx, y: from.y + along * dy };
  return Math.abs(foot.x - o.x) < halfWidth(o.name) && Math.abs(foot.y - o.y) < HEIGHT / 2 + 4;
}

function half(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

const n = (value: number) => Math.round(value * 10) / 10;

export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The frame that shows everything, with room at the edges; never smaller than a few nodes. */
export function frameOf(scene: Scene, drawn: readonly Variable[] = scene.variables): Frame {
  const xs = drawn.flatMap((v) => [v.x - halfWidth(v.name), v.x + halfWidth(v.name)]);
  const ys = drawn.flatMap((v) => [v.y - HEIGHT, v.y + HEIGHT + 14]);
  const [left, right] = [Math.min(...xs, 0), Math.max(...xs, 0)];
  const [top, bottom] = [Math.min(...ys, 0), Math.max(...ys, 0)];
  const width = Math.max(right - left + 90, 360);
  const height = Math.max(bottom - top + 70, 260);
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height };
}

/** The nodes that are drawn as nodes: all, or all but those that are drawn as arcs. */
export function drawnNodes(scene: Scene, showHidden: boolean): readonly Variable[] {
  return showHidden ? scene.variables : scene.variables.filter((v) => !isArc(scene, v));
}

export function arcs(scene: Scene): { hidden: Variable; ends: readonly [Variable, Variable] }[] {
  return scene.variables
    .filter((v) => isArc(scene, v))
    .map((hidden) => ({ hidden, ends: childrenOf(scene, hidden.name) as unknown as readonly [Variable, Variable] }));
}

export type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

const STEPS: Readonly<Record<Direction, Point>> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

export function step(direction: Direction): Point {
  return STEPS[direction];
}

/** The neighbour along an edge that lies most in a direction, else the nearest node there. */
export function towards(scene: Scene, nodes: readonly Variable[], from: Variable, direction: Direction): Variable | undefined {
  const { x, y } = STEPS[direction];
  const joined = new Set([...from.parents, ...childrenOf(scene, from.name).map((c) => c.name)]);
  const cost = (v: Variable) => {
    const [dx, dy] = [v.x - from.x, v.y - from.y];
    const along = dx * x + dy * y;
    if (v.name === from.name || along <= 0) return Infinity;
    return Math.hypot(dx, dy) * (1 + 2 * Math.abs(dx * y - dy * x) / (along || 1)) * (joined.has(v.name) ? 0.6 : 1);
  };
  const best = [...nodes].sort((a, b) => cost(a) - cost(b))[0];
  return best && cost(best) < Infinity ? best : undefined;
}
