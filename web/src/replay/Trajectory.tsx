// One question over the steps: what was said, what exact Bayes would say, the truth and the lures.

import type { JSX } from "preact";

import type { Asked, Step } from "../api/shapes";
import { three } from "../shell/words";

interface Props {
  readonly asked: Asked;
  readonly steps: readonly Step[];
  readonly at: number;
  readonly reason: string;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [520, 220, 34, 130, 10, 24];

export function Trajectory({ asked, steps, at, reason }: Props): JSX.Element {
  const n = Math.max(steps.length - 1, 1);
  const x = (step: number) => LEFT + ((WIDTH - LEFT - RIGHT) * step) / n;
  const y = (p: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - p);
  const stated = steps.flatMap((s, i) => (asked.id in s.beliefs ? [[i, s.beliefs[asked.id]?.p ?? 0] as const] : []));
  const exact = steps.flatMap((s, i) => (asked.id in s.posterior ? [[i, s.posterior[asked.id] ?? 0] as const] : []));
  const labels = spread([["truth", asked.truth], ...Object.entries(asked.lures)]);
  return (
    <figure class="trajectory">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={spoken(asked, stated)}>
        {[0, 0.25, 0.5, 0.75, 1].map((p) => (
          <g key={p}>
            <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(p)} y2={y(p)} />
            <text class="axis" x={LEFT - 6} y={y(p) + 4}>
              {p}
            </text>
          </g>
        ))}
        {labels.map(([name, p, place]) => (
          <g key={name} class={name === "truth" ? "truth-line" : "lure-line"}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(p)} y2={y(p)} />
            <text x={WIDTH - RIGHT + 6} y={y(place) + 4}>
              {name}
            </text>
          </g>
        ))}
        <line class="now" x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} />
        {exact.length > 1 && <path class="exact" d={`M${exact.map(([i, p]) => `${x(i)} ${y(p)}`).join("L")}`} />}
        {stated.length > 1 && <path class="stated" d={`M${stated.map(([i, p]) => `${x(i)} ${y(p)}`).join("L")}`} />}
        {stated.map(([i, p]) => (
          <circle key={i} class="stated-dot" cx={x(i)} cy={y(p)} r="5" />
        ))}
        <text class="axis mid" x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 6}>
          step
        </text>
      </svg>
      <figcaption>
        <span class="key stated-key" /> belief <span class="key exact-key" /> exact Bayes <span class="key truth-key" /> truth{" "}
        <b>{three(asked.truth)}</b> <span class="key lure-key" /> what fallacies give
        {reason && !exact.length && <span class="quiet"> · no exact Bayes: {reason}</span>}
      </figcaption>
    </figure>
  );
}

/** Move labels apart so that none stands on another. */
function spread(found: readonly (readonly [string, number])[]): (readonly [string, number, number])[] {
  const gap = 0.075;
  const sorted = [...found].sort((a, b) => a[1] - b[1]);
  let floor = -0.04;
  const placed = sorted.map(([name, p]) => {
    const place = Math.max(p, floor);
    floor = place + gap;
    return [name, p, place] as [string, number, number];
  });
  const over = Math.max(0, (placed.at(-1)?.[2] ?? 0) - 1.03);
  return placed.map(([name, p, place], i) => [name, p, Math.max(place - over, i * gap - 0.04)] as const);
}

function spoken(asked: Asked, stated: readonly (readonly [number, number])[]): string {
  const said = stated.map(([i, p]) => `${three(p)} at step ${i + 1}`).join(", ") || "nothing";
  return `${asked.asked}: said ${said}; the truth is ${three(asked.truth)}`;
}
