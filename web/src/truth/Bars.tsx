// One scale from 0 to 1: seeing, doing, adjusting, and the beliefs of people and agents as marks.

import type { JSX } from "preact";

import { three } from "../shell/words";

export interface Bar {
  readonly kind: "see" | "do" | "adjust" | "lure";
  readonly label: string;
  readonly value: number | null;
  readonly why?: string | undefined;
  readonly test?: string;
}

export interface Tick {
  readonly who: string;
  readonly p: number;
  readonly shape: "you" | "agent";
}

interface Props {
  readonly bars: readonly Bar[];
  readonly ticks: readonly Tick[];
  readonly isHidden?: boolean;
  readonly isStale?: boolean;
}

export function Bars({ bars, ticks, isHidden = false, isStale = false }: Props): JSX.Element {
  return (
    <div class={`bars${isStale ? " stale" : ""}`}>
      {bars.map((bar) => (
        <div class={`bar ${bar.kind}`} key={bar.label}>
          <span class="bar-label">{bar.label}</span>
          <span class="bar-number" data-number={bar.test ?? bar.kind}>
            {isHidden ? "?" : bar.value === null ? "undefined" : three(bar.value)}
          </span>
          <svg class="scale" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="14" rx="1" />
            {!isHidden && bar.value !== null && <rect class="fill" width={100 * bar.value} height="14" rx="1" />}
            {ticks.map((tick) => (
              <line key={tick.who} class={`tick ${tick.shape}`} x1={100 * tick.p} x2={100 * tick.p} y1="-1" y2="15" />
            ))}
          </svg>
          {!isHidden && bar.value === null && bar.why && <p class="why">{bar.why}</p>}
        </div>
      ))}
      {ticks.length > 0 && (
        <ul class="ticks" aria-label="Beliefs">
          {ticks.map((tick) => (
            <li key={tick.who}>
              <span class={`swatch ${tick.shape}`} aria-hidden="true" /> {tick.who} <b>{three(tick.p)}</b>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
