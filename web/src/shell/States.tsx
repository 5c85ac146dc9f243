// The three states of a page that is not there yet: loading, refused, empty.

import type { ComponentChildren, JSX } from "preact";

import type { Loaded } from "../api/loaded";

interface Props<T> {
  readonly of: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}

export function Waiting<T>({ of, children }: Props<T>): JSX.Element {
  if (of.problem)
    return (
      <div class="error" role="alert">
        <p>{of.problem.message}</p>
        <button type="button" onClick={of.reload}>
          Try again
        </button>
      </div>
    );
  if (of.value === null) return <p class="quiet loading">Loading…</p>;
  return <>{children(of.value)}</>;
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="empty-state">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
