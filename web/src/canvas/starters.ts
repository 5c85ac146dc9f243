// Models to begin with; the smoking model has a hidden cause and a mediator.

import { addArc, addNode, connect } from "../graph/commands";
import type { Point, Scene } from "../graph/types";
import { EMPTY } from "../graph/types";

interface Starter {
  readonly name: string;
  readonly nodes: Readonly<Record<string, Point>>;
  readonly arrows: readonly (readonly [string, string])[];
  readonly arcs?: readonly (readonly [string, string])[];
  readonly question: readonly [string, string];
}

export const STARTERS: readonly Starter[] = [
  {
    name: "Confounder",
    nodes: { Age: { x: 150, y: 0 }, Smoking: { x: 0, y: 130 }, Tar: { x: 150, y: 130 }, Cancer: { x: 300, y: 130 } },
    arrows: [["Age", "Smoking"], ["Age", "Cancer"], ["Smoking", "Tar"], ["Tar", "Cancer"]],
    question: ["Smoking", "Cancer"],
  },
  {
    name: "Front door",
    nodes: { X: { x: 0, y: 90 }, M: { x: 150, y: 90 }, Y: { x: 300, y: 90 } },
    arrows: [["X", "M"], ["M", "Y"]],
    arcs: [["X", "Y"]],
    question: ["X", "Y"],
  },
  {
    name: "Bow (not identified)",
    nodes: { X: { x: 0, y: 90 }, Y: { x: 220, y: 90 } },
    arrows: [["X", "Y"]],
    arcs: [["X", "Y"]],
    question: ["X", "Y"],
  },
  {
    name: "M-bias",
    nodes: { A: { x: 0, y: 0 }, B: { x: 300, y: 0 }, M: { x: 150, y: 80 }, X: { x: 0, y: 180 }, Y: { x: 300, y: 180 } },
    arrows: [["A", "M"], ["B", "M"], ["A", "X"], ["B", "Y"], ["X", "Y"]],
    question: ["X", "Y"],
  },
  {
    name: "Napkin",
    nodes: { W: { x: 0, y: 90 }, Z: { x: 130, y: 90 }, X: { x: 260, y: 90 }, Y: { x: 390, y: 90 } },
    arrows: [["W", "Z"], ["Z", "X"], ["X", "Y"]],
    arcs: [["W", "X"], ["W", "Y"]],
    question: ["X", "Y"],
  },
];

export function started(starter: Starter): Scene {
  let scene: Scene = EMPTY;
  for (const [name, at] of Object.entries(starter.nodes)) scene = addNode(scene, at, name);
  for (const [a, b] of starter.arrows) scene = connect(scene, a, b);
  for (const [a, b] of starter.arcs ?? []) scene = addArc(scene, a, b);
  const [treatment, outcome] = starter.question;
  return { ...scene, treatment, outcome, level: "1", state: "1" };
}

export function firstScene(): Scene {
  const first = STARTERS[0];
  if (!first) throw new Error("there is a first starter");
  return started(first);
}
