// What happens to a run while it is looked at: the service's stream of events, or a question every
// two seconds where there is none: a stream cannot carry a key.

import { useEffect } from "preact/hooks";

import { authorised } from "./client";

const EVERY_MS = 2000;
const LEAST_MS = 500;
const KINDS = ["progress", "running", "paused", "cancelled", "finished"] as const;

export function useEvents(path: string, isOn: boolean, onEvent: () => void): void {
  useEffect(() => {
    if (!isOn) return undefined;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        onEvent();
      }, LEAST_MS);
    };
    const timer = setInterval(onEvent, EVERY_MS);
    const stream = "Authorization" in authorised() ? null : new EventSource(`/api/v1/${path}/events`);
    for (const kind of KINDS) stream?.addEventListener(kind, soon);
    // A run that is no queued one has no events; the timer goes on.
    stream?.addEventListener("error", () => stream.readyState === EventSource.CLOSED && stream.close());
    return () => {
      clearInterval(timer);
      clearTimeout(waiting);
      stream?.close();
    };
  }, [path, isOn]);
}
