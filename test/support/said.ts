import { CrossfadeError, toFailure, Unavailable } from "../../src/engine/model/errors.ts";
import type { Hold } from "../../src/engine/model/hold.ts";
import type { Observation, Waiting } from "../../src/engine/model/observation.ts";
import { type Failure, needsPerson as ofPerson, type Reason, reason } from "../../src/engine/model/reason.ts";
import type { MigrationState } from "../../src/engine/model/state.ts";
import { panel } from "../../src/words/audience.ts";
import { explain, explainFailure, objectWords } from "../../src/words/explain.ts";
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

/** What failed, in the panel's words. */
export interface SaidThrown {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A failure, or whatever was thrown, in the panel's words. */
export function saidOf(what: unknown): SaidThrown {
  if (what instanceof Unavailable && what.reason !== null)
    return { code: "UNREACHABLE", message: explain(what.reason, panel).text, remedy: "" };
  const failure =
    typeof what === "object" && what !== null && "reason" in what && !(what instanceof Error)
      ? (what as Failure)
      : toFailure(what);
  return { code: failure.code, ...explainFailure(failure, panel, null) };
}

function spoken(thrown: unknown): unknown {
  if (!(thrown instanceof CrossfadeError)) return thrown;
  const { code, message, remedy } = saidOf(thrown);
  return Object.assign(new Error(message, { cause: thrown }), { code, remedy });
}

/** The same promise or function, that fails in the panel's words. */
export function inWords<T>(promise: Promise<T>): Promise<T>;
export function inWords<T>(call: () => T): () => T;
export function inWords<T>(what: Promise<T> | (() => T)): Promise<T> | (() => T) {
  if (typeof what !== "function")
    return what.catch((thrown: unknown) => {
      throw spoken(thrown);
    });
  return () => {
    try {
      return what();
    } catch (thrown) {
      throw spoken(thrown);
    }
  };
}

/** A failure that says just this. */
export const aFailure = <C extends Failure["code"]>(code: C, message: string, remedy: string) => ({
  code,
  reason: reason("command-refused", { message, remedy }),
});
