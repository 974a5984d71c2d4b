import type { Hold } from "../../src/engine/model/hold.ts";
import type { Observation, Waiting } from "../../src/engine/model/observation.ts";
import { needsPerson as ofPerson, type Reason } from "../../src/engine/model/reason.ts";
import type { MigrationState } from "../../src/engine/model/state.ts";
import { panel } from "../../src/words/audience.ts";
import { explain, objectWords } from "../../src/words/explain.ts";
import { endingWords } from "../../src/words/run-ending.ts";

/** A reason as the panel says it. */
export interface SaidReason {
  readonly because: string;
  readonly clearedBy: string;
  readonly remedy: string | null;
  readonly object: string | null;
  readonly needsPerson: boolean;
}

const nothing: SaidReason = { because: "", clearedBy: "", remedy: null, object: null, needsPerson: false };

/** What is waited for, in the panel's words; all empty where nothing is. */
export function said(what: Hold | Waiting | Reason | { readonly done: boolean } | null | undefined): SaidReason {
  if (!what || !("reason" in what || "code" in what)) return nothing;
  const reason = "reason" in what ? what.reason : what;
  const { text, clearedBy, remedy = null } = explain(reason, panel);
  const object = reason.object && objectWords(reason.object);
  return { because: text, clearedBy, remedy, object, needsPerson: ofPerson(reason) };
}

/** How a run ended, in the panel's words. */
export const endedWith = (state: MigrationState): string => endingWords({ ...state, reason: state.endedFor }, panel);

/** What a step observed, with its reason in words. */
export const told = (observed: Observation): Observation & SaidReason => ({ ...observed, ...said(observed) });
