// One episode of a person: the brief, the graph if it is shown, what may be done, and what one says.

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import { get, onceKey, post, Problem } from "../api/client";
import { useLoaded } from "../api/loaded";
import type { Acted, Action, Episode, EpisodeLog } from "../api/shapes";
import { Act } from "../episode/Act";
import { Answers } from "../episode/Answers";
import { BriefView } from "../episode/BriefView";
import { History } from "../episode/History";
import { ReplayView } from "../replay/ReplayView";
import { Waiting } from "../shell/States";
import type { Params } from "../shell/router";

export default function EpisodePage({ params }: { params: Params }): JSX.Element {
  const id = params["episode"] ?? "";
  const loaded = useLoaded<Episode>(`episodes/${encodeURIComponent(id)}`);
  return <Waiting of={loaded}>{(episode) => <Played episode={episode} />}</Waiting>;
}

type Log = EpisodeLog["log"];

function Played({ episode }: { episode: Episode }): JSX.Element {
  const [state, setState] = useState({ isClosed: episode.is_closed, budget: episode.budget_left, unanswered: episode.unanswered });
  const [log, setLog] = useState<Log>([]);
  const [beliefs, setBeliefs] = useState<Readonly<Record<string, number>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const path = `episodes/${encodeURIComponent(episode.id)}`;

  useEffect(() => {
    get<EpisodeLog>(`${path}/log`).then(
      (found) => {
        setLog(found.log);
        setBeliefs(Object.fromEntries(found.log.flatMap((e) => (e.action.beliefs ?? []).map((b) => [b.query, b.p]))));
      },
      (error: unknown) => error instanceof Problem && setProblem(error.message),
    );
  }, []);

  const act = async (action: Action): Promise<boolean> => {
    setBusy(true);
    try {
      setProblem(null);
      const acted = await post<Acted>(`${path}/actions`, action, { once: onceKey() });
      setLog((before) => [...before, { n: acted.number, action, observation: acted.observation }]);
      setState({ isClosed: acted.is_closed, budget: acted.budget_left, unanswered: acted.unanswered });
      if (acted.observation.kind === "refused") setProblem(acted.observation.reason ?? "That cannot be done.");
      return acted.observation.kind !== "refused";
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const end = async () => {
    try {
      await post(`${path}/end`, {}, { once: onceKey() });
      setState((before) => ({ ...before, isClosed: true }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
    }
  };

  const asked = useMemo(() => elicited(episode), [episode]);
  if (state.isClosed) return <ReplayView path={`${path}/replay`} title={episode.brief.title} isOwn />;
  return (
    <div class="episode">
      <section aria-label="Brief">
        <BriefView brief={episode.brief} />
      </section>
      <section aria-label="Play" class="playing">
        {problem && (
          <p class="error" role="alert">
            {problem}
          </p>
        )}
        <Act brief={episode.brief} budget={state.budget} isBusy={isBusy} act={act} />
        <History log={log} />
        <Answers asked={asked} beliefs={beliefs} setBeliefs={setBeliefs} isBusy={isBusy} act={act} onEnd={end} />
      </section>
    </div>
  );
}

/** What one number is asked for: each question, or each alternative of a distribution. */
export interface Elicited {
  readonly id: string;
  readonly text: string;
  readonly family: string;
}

function elicited(episode: Episode): Elicited[] {
  return episode.brief.questions.map((q) => ({ id: q.id, text: q.asked, family: q.family }));
}
