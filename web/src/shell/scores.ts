// Scores and differences in words: the number with its interval, or why there is none.

import type { Difference, Score } from "../api/shapes";
import { signed, three } from "./words";

export function scored(score: Score): string {
  if (score.value === undefined) return `no score: ${score.unscored ?? "unknown"}`;
  return `${three(score.value)}${interval(score)}`;
}

export function interval(score: { low?: number; high?: number }): string {
  return score.low === undefined || score.high === undefined ? "" : ` [${three(score.low)}, ${three(score.high)}]`;
}

export function differed(found: Difference): string {
  if (found.value === undefined) return `none: ${found.unscored ?? "unknown"}`;
  return `${signed(found.value)}${interval(found)}`;
}
