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
