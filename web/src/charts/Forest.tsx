// A dot with its interval on a scale where 0 is the seer and 1 is exact; what lies beyond is marked.

import type { JSX } from "preact";

import type { Score } from "../api/shapes";

interface Props {
  readonly score: Score;
  readonly from?: number;
  readonly to?: number;
}

export function Forest({ score, from = -1, to = 1 }: Props): JSX.Element {
  const x = (value: number) => (100 * (Math.min(Math.max(value, from), to) - from)) / (to - from);
  if (score.value === undefined) return <span class="quiet">no score</span>;
  const isBelow = score.value < from;
  return (
    <svg class="forest" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      <line class="zero" x1={x(0)} x2={x(0)} y1="0" y2="16" />
      <line class="one" x1={x(1)} x2={x(1)} y1="0" y2="16" />
      {score.low !== undefined && score.high !== undefined && <line class="span" x1={x(score.low)} x2={x(score.high)} y1="8" y2="8" />}
      {isBelow ? <path class="dot" d="M0 8l4-5v10z" /> : <rect class="dot" x={x(score.value) - 1} y="3" width="2" height="10" />}
    </svg>
  );
}
