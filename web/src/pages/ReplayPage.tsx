// The replay of one episode of a run; J and K go to the episode before and after.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { useLoaded } from "../api/loaded";
import type { Failures } from "../api/shapes";
import { ReplayView } from "../replay/ReplayView";
import type { Params } from "../shell/router";
import { go } from "../shell/router";

export default function ReplayPage({ params }: { params: Params }): JSX.Element {
  const { run = "", agent = "", scenario = "", seed = "0" } = params;
  const list = useLoaded<Failures>(`runs/${encodeURIComponent(run)}/failures?limit=200&agent=${encodeURIComponent(agent)}`);
  const items = list.value?.items ?? [];
  const place = items.findIndex((e) => e.scenario === scenario && String(e.seed) === seed);
  const to = (n: number) => {
    const e = items[n];
    return e ? `/runs/${encodeURIComponent(run)}/e/${encodeURIComponent(e.agent)}/${encodeURIComponent(e.scenario)}/${e.seed}` : null;
  };
  const [before, after] = [place > 0 ? to(place - 1) : null, place >= 0 ? to(place + 1) : null];
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches("input, select, textarea")) return;
      const target = event.key === "j" ? before : event.key === "k" ? after : null;
      if (target) go(target);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [before, after]);
  const query = new URLSearchParams({ agent, scenario, seed });
  return (
    <>
      <nav class="row" aria-label="Episodes">
        <a href={`/runs/${encodeURIComponent(run)}`}>Run {run}</a>
        {before && <a href={before}>⟵ J worse</a>}
        {after && <a href={after}>K better ⟶</a>}
      </nav>
      <ReplayView path={`runs/${encodeURIComponent(run)}/replay?${query}`} title={scenario} />
    </>
  );
}
