import {
  type BrokenPath,
  type Decision,
  type Measured,
  type PathScore,
  probePaths,
} from "../../engine/model/events.ts";
import { consents } from "../../engine/model/plan-types.ts";
import type { RunRecord } from "../../engine/model/ports/records.ts";
import { requestKinds } from "../../engine/model/reason.ts";
import { whenLeft } from "./plan-schema.ts";
import {
  aBoolean,
  agreeing,
  aNumber,
  aText,
  aTime,
  listOf,
  mapBy,
  mapOf,
  objectOf,
  oneOf,
  only,
  orNull,
} from "./schema-parts.ts";

export const scores = listOf(
  agreeing<PathScore>()(
    objectOf({
      path: oneOf(probePaths),
      sent: aNumber,
      lost: aNumber,
      expected: aNumber,
      unknown: aNumber,
      longestGapMs: aNumber,
      lastOkAt: orNull(aNumber),
      lastError: aText,
      lastErrorBetween: aText,
      notMeasured: aText,
    }),
  ),
);

export const brokenPaths = listOf(
  agreeing<BrokenPath>()(
    objectOf({
      path: oneOf(probePaths),
      between: aText,
      nodes: listOf(aText),
      since: aNumber,
      error: aText,
      during: aText,
      lasting: aBoolean,
    }),
  ),
);

const decision = agreeing<Decision>()(
  objectOf({ at: aNumber, by: aText, request: oneOf(requestKinds), about: listOf(aText) }),
);

/** The rest of the run's record, without its plan. */
export const runStateSchema = agreeing<Omit<RunRecord, "plan">>()(
  objectOf({
    version: only(1),
    direction: oneOf(["forward", "rollback"]),
    paused: aBoolean,
    consents: mapBy(consents, objectOf({ by: aText, at: aNumber })),
    whenLeft,
    startedAt: aTime,
    finished: orNull(objectOf({ at: aNumber, outcome: oneOf(["migrated", "rolled-back"]) })),
    stepsDone: mapOf(aNumber),
    started: listOf(aText),
    measured: agreeing<Measured>()(objectOf({ scores, broken: brokenPaths, decisions: listOf(decision) })),
  }),
);
