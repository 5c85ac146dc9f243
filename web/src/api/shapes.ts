// Names for the forms of the service, and the parts of its replies that it describes as JSON only.

import type { Drawn } from "../graph/document";
import type { components } from "./api.gen";

type Forms = components["schemas"];

export type Contrast = Forms["ContrastReply"];
export type Verdict = Forms["CaseReply"];
export type Imagined = Forms["ImagineReply"];
export type PathLine = Forms["_Path"];
export type Interval = Forms["_Interval"];
export type Contest = Forms["ContrastForm"];

export interface Adjustment extends Omit<Forms["AdjustmentReply"], "optimal" | "instruments" | "candidates"> {
  optimal: { set?: string[]; none?: string };
  instruments: { variable: string; given: string[] }[];
  candidates: { habit: string; set: string[]; valid: boolean; reason: string }[];
}

export type ScenarioModel = Forms["ScenarioModelReply"] & Drawn;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type ScenarioEntry = Forms["_ScenarioEntry"];
export type RunEntry = Forms["RunReply"];
export type OwnEpisode = Forms["_EpisodeEntry"];
export type Failures = Forms["FailuresReply"];
export type Compared = Omit<Forms["ComparedReply"], "headline" | "families"> & {
  headline: Difference;
  families: Record<string, Difference>;
};
export type Replay = Omit<Forms["ReplayReply"], "drawn" | "causal_score" | "steps"> & {
  drawn: Drawn;
  causal_score: Score;
  steps: Step[];
};
export type Standing = Omit<Forms["StandingReply"], "you" | "items"> & {
  you: (Scores & { episodes: number }) | null;
  items: (Omit<Forms["_Own"], "causal_score"> & { causal_score: Score })[];
};
export type Diagnosed = Forms["_Diagnosed"];
export type Asked = Forms["_Asked"];

/** A score with its interval, or why there is none. */
export interface Score {
  value?: number;
  low?: number;
  high?: number;
  no_interval?: string;
  unscored?: string;
  items: number;
  worlds?: number;
}

export interface Scores {
  causal_score: Score;
  coverage: number;
  families: Record<string, Score>;
}

export interface Difference {
  value?: number;
  low?: number;
  high?: number;
  p?: number;
  items?: number;
  worlds?: number;
  unscored?: string;
}

export interface AgentReport extends Scores {
  agent: string;
  episodes: number;
  failed: number;
  reference: boolean;
  cost: { actions: number; rows: number; refused: number; budget: number };
  failures: { kind: string; episodes: number; message: string; first: string }[];
}

export interface Report {
  run: { agents: string[]; scenarios: string[]; seeds: number[]; interface: string };
  agents: AgentReport[];
  trials: { finished: number; planned: number };
  score_version: number;
}

export interface Interface {
  name: string;
  shows_graph: boolean;
  actions: string[];
  budget: number;
  max_actions: number;
}

export interface Counts {
  kind: "counts";
  variables: string[];
  rows: [string[], number][];
  budget_left: number;
}

export type Observation = Counts | { kind: "acknowledged" | "closed" | "progress" | "ended" | "refused"; reason?: string; detail?: string; answered?: string[]; unanswered?: string[] };

export interface Action {
  kind: "observe" | "intervene" | "believe" | "hypothesise" | "submit";
  n?: number;
  where?: Record<string, string>;
  set?: Record<string, string>;
  beliefs?: { query: string; p: number }[];
  answers?: { query: string; p: number }[];
  unanswerable?: string[];
  directed?: [string, string][];
  bidirected?: [string, string][];
}

export interface Step {
  number: number;
  action: Action;
  observation: Observation;
  beliefs: Record<string, Diagnosed>;
  posterior: Record<string, number>;
}

export interface Brief {
  title: string;
  story: string;
  variables: { name: string; meaning: string; states: Record<string, string> }[];
  graph: { directed: [string, string][]; bidirected: [string, string][] }[];
  questions: { id: string; family: string; asked: string }[];
  distributions: { id: string; alternatives: Record<string, string> }[];
  table: { variables: string[]; rows: [string[], number][] }[];
  correlations: { pair: [string, string]; measure: string; value: number; rows: number }[];
  actions: string[];
  budget: number;
  costs: { row: number; experiment_row: number };
  max_actions: number;
  rules: string[];
}

export interface Episode {
  id: string;
  scenario: string;
  interface: string;
  is_closed: boolean;
  n_events: number;
  budget_left: number;
  unanswered: string[];
  brief: Brief;
  seed?: number;
}

export interface Acted {
  number: number;
  observation: Observation;
  is_closed: boolean;
  n_events: number;
  budget_left: number;
  unanswered: string[];
  ended?: Observation;
}

export interface EpisodeLog {
  log: { n: number; action: Action; observation: Observation }[];
}
