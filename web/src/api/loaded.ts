// Something fetched for a page: on its way, here, or refused; asked again when its address changes.

import { useEffect, useState } from "preact/hooks";

import { get, Problem } from "./client";

export interface Loaded<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly reload: () => void;
  /** Ask again, and go on showing what is there meanwhile. */
  readonly refresh: () => void;
}

export function useLoaded<T>(path: string | null): Loaded<T> {
  const [state, setState] = useState<{ path: string; value: T | null; problem: Problem | null } | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    const abort = new AbortController();
    get<T>(path, abort.signal).then(
      (value) => setState({ path, value, problem: null }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ path, value: null, problem: error instanceof Problem ? error : new Problem(500, String(error)) });
      },
    );
    return () => abort.abort();
  }, [path, tries]);
  const isOurs = state !== null && state.path === path;
  return {
    value: isOurs ? state.value : null,
    problem: isOurs ? state.problem : null,
    reload: () => {
      setState(null);
      setTries((n) => n + 1);
    },
    refresh: () => setTries((n) => n + 1),
  };
}
