// Two worlds side by side, the noise in the middle shared: what is, and what would have been.

import type { JSX } from "preact";

import { HEIGHT, halfWidth, rim, shortened } from "../graph/geometry";
import type { Point, Scene } from "../graph/types";
import { find } from "../graph/types";
import { above } from "../canvas/Graph";

const MOST = 8;

export function TwinNetwork({ scene }: { scene: Scene }): JSX.Element | null {
  if (!scene.outcome || !scene.treatment) return null;
  const involved = above(scene, scene.outcome);
  const nodes = scene.variables.filter((v) => involved.has(v.name));
  if (nodes.length > MOST) return <p class="quiet">The twin network is drawn for up to {MOST} variables.</p>;
  const widest = Math.max(...nodes.map((v) => halfWidth(v.name)));
  const left = widest + 12;
  const right = left + 2 * widest + 150;
  const y = new Map(ordered(scene, nodes.map((v) => v.name)).map((name, i) => [name, 34 + i * 62]));
  const at = (name: string, x: number): Point => ({ x, y: y.get(name) ?? 0 });
  const lines: JSX.Element[] = [];
  for (const v of nodes) {
    for (const [x, isActual] of [[left, true], [right, false]] as const) {
      const isSet = !isActual && v.name === scene.treatment;
      for (const p of v.parents.filter((q) => y.has(q)))
        if (!isSet) lines.push(<Line key={`${p}${v.name}${x}`} from={at(p, x)} to={at(v.name, x)} halves={[halfWidth(p), halfWidth(v.name)]} bend={isActual ? -1 : 1} />);
      if (!isSet) lines.push(<path key={`u${v.name}${x}`} class="edge noise" d={`M${(left + right) / 2} ${y.get(v.name) ?? 0}L${isActual ? left + halfWidth(v.name) + 4 : right - halfWidth(v.name) - 4} ${y.get(v.name) ?? 0}`} marker-end="url(#twin-head)" />);
    }
  }
  return (
    <figure class="twin">
      <svg class="graph" viewBox={`0 0 ${right + widest + 12} ${34 + nodes.length * 62}`} role="img" aria-label={`Twin network: the actual world and the one with ${scene.treatment} set otherwise share their noise`}>
        <defs>
          <marker id="twin-head" class="head head-plain" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M0 0 10 5 0 10Z" />
          </marker>
        </defs>
        {lines}
        {nodes.map((v) => (
          <g key={v.name}>
            <TwinNode name={v.name} at={at(v.name, left)} isSet={false} />
            <circle class="noise-dot" cx={(left + right) / 2} cy={y.get(v.name) ?? 0} r="9" />
            <text class="noise-name" x={(left + right) / 2} y={(y.get(v.name) ?? 0) + 4}>U</text>
            <TwinNode name={`${v.name}*`} at={at(v.name, right)} isSet={v.name === scene.treatment} />
          </g>
        ))}
      </svg>
      <figcaption>Left what was, right (*) what would have been; U is the noise that both worlds share.</figcaption>
    </figure>
  );
}

function TwinNode({ name, at, isSet }: { name: string; at: Point; isSet: boolean }): JSX.Element {
  return (
    <g class={`node${isSet ? " done" : ""}`} transform={`translate(${at.x} ${at.y})`}>
      <ellipse class="shape" rx={halfWidth(name)} ry={HEIGHT / 2} />
      <text class="name" dy="0.35em">{shortened(name)}</text>
    </g>
  );
}

function Line({ from, to, halves, bend }: { from: Point; to: Point; halves: readonly [number, number]; bend: number }): JSX.Element {
  const isFar = Math.abs(to.y - from.y) > 70;
  const control = { x: (from.x + to.x) / 2 + (isFar ? bend * 60 : 0), y: (from.y + to.y) / 2 };
  const start = rim(from, halves[0], isFar ? control : to);
  const end = rim(to, halves[1], isFar ? control : from, 3);
  return <path class="edge" d={`M${start.x} ${start.y}Q${control.x} ${control.y} ${end.x} ${end.y}`} marker-end="url(#twin-head)" />;
}

function ordered(scene: Scene, names: readonly string[]): string[] {
  const found: string[] = [];
  const left = new Set(names);
  while (left.size) {
    for (const name of left) {
      if (find(scene, name).parents.every((p) => !left.has(p))) {
        found.push(name);
        left.delete(name);
      }
    }
  }
  return found;
}
