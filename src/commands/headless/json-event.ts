import type { EngineEvent } from "../../engine/model/events.ts";
import type { Hold } from "../../engine/model/hold.ts";
import type { Failure, Reason } from "../../engine/model/reason.ts";
import { lines } from "../../words/audience.ts";
import { explain, explainFailure } from "../../words/explain.ts";
import { noteWords } from "../../words/notes/note-words.ts";
import { endingWords } from "../../words/run-ending.ts";
import { jsonPlan } from "./json-check.ts";

/** A reason as JSON has it: code and facts for programs, its words for people. */
export type JsonReason = Reason & {
  readonly text: string;
  /** What clears it, with commands; "" where nothing more can be said. */
  readonly remedy: string;
};

/** With its words for whoever has commands and no keys. */
export function jsonReason(reason: Reason): JsonReason {
  const { text, clearedBy } = explain(reason, lines);
  return { ...reason, text, remedy: clearedBy };
}

const jsonHold = (hold: Hold | null) => hold && { ...jsonReason(hold.reason), since: hold.since };

/** A failure as JSON has it; `node` is what it is about, or null where it is the run. */
function jsonFailure(failure: Failure, node: string | null) {
  return { ...failure, ...explainFailure(failure, lines, node) };
}

type EventOf<T extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: T }>;

/** What is said of an event beside its data, or in its place. */
const inWords: { readonly [T in EngineEvent["type"]]?: (event: EventOf<T>) => object } = {
  "run-held": ({ hold }) => ({ hold: jsonHold(hold) }),
  "node-held": ({ hold }) => ({ hold: jsonHold(hold) }),
  "run-step-failed": ({ failure }) => ({ failure: jsonFailure(failure, null) }),
  "node-failed": ({ failure, node }) => ({ failure: jsonFailure(failure, node) }),
  "run-announced": ({ plan }) => ({ plan: jsonPlan(plan) }),
  log: ({ note }) => ({ text: noteWords(note, lines) }),
  "run-finished": (event) => ({ summary: endingWords(event, lines) }),
};

/** The event as those read it who have commands and no keys. */
export function jsonEvent(event: EngineEvent): object {
  const say = inWords[event.type] as ((event: EngineEvent) => object) | undefined;
  return { ...event, ...say?.(event) };
}
