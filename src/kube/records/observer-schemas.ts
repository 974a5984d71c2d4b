import type { Hold } from "../../engine/model/hold.ts";
import { consents } from "../../engine/model/plan-types.ts";
import type { RemoteAnswer, RemoteRequest, RunnerNews } from "../../engine/model/ports/observers.ts";
import type { LogLine, RunStepState } from "../../engine/model/state.ts";
import { failureSchema } from "./node-schema.ts";
import { noteSchema } from "./note-schema.ts";
import { reasonSchema } from "./reason-schema.ts";
import { brokenPaths, scores } from "./run-schema.ts";
import {
  agreeing,
  aNumber,
  aText,
  aTime,
  byField,
  listOf,
  mapOf,
  objectOf,
  oneOf,
  only,
  orNull,
} from "./schema-parts.ts";
import { anyNodeStep, byRunStep } from "./step-schema.ts";

/** What is asked of the runner in ConfigMap crossfade/observers, and how it answers. */
export const requestSchema = agreeing<RemoteRequest>()(
  objectOf({ id: aText, ask: oneOf(["pause", "resume", "release-run"]), by: aText, at: aNumber }),
);

export const answerSchema = agreeing<RemoteAnswer>()(
  objectOf({ refused: orNull(reasonSchema), by: aText, at: aNumber }),
);

const hold = agreeing<Hold>()(objectOf({ reason: reasonSchema, since: aTime }));

const runStep = agreeing<RunStepState>()(
  byField("state", [
    objectOf({ state: only("done"), tookMs: aNumber, note: aText }),
    objectOf({ state: only("doing"), since: aNumber }),
    objectOf({ state: only("stopped"), since: aNumber }),
    objectOf({ state: only("failed"), failure: failureSchema }),
  ]),
);

const logLine = agreeing<LogLine>()(
  objectOf({
    at: aNumber,
    level: oneOf(["info", "warning", "error"]),
    node: orNull(aText),
    note: noteSchema,
  }),
);

/** What the runner publishes for those who watch it. */
export const newsSchema = agreeing<RunnerNews>()(
  objectOf({
    version: only(1),
    at: aNumber,
    holder: aText,
    pace: oneOf(["running", "pausing", "paused"]),
    takesHoldAt: aText,
    asking: orNull(oneOf(consents)),
    hold: orNull(hold),
    holds: mapOf(objectOf({ step: anyNodeStep, hold })),
    steps: byRunStep(runStep),
    scores,
    broken: brokenPaths,
    log: listOf(logLine),
  }),
);
