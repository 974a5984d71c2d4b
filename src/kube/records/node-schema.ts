import type { Before, NodeState } from "../../engine/model/node-state.ts";
import type { NodeRecord } from "../../engine/model/ports/records.ts";
import type { Failure } from "../../engine/model/reason.ts";
import { reasonSchema } from "./reason-schema.ts";
import {
  aBoolean,
  agreeing,
  aNumber,
  aText,
  aTime,
  aWord,
  byField,
  listOf,
  mapOf,
  objectOf,
  only,
  orAbsent,
  orNull,
} from "./schema-parts.ts";
import { anyNodeStep, nodeStep, rollbackNodeStep } from "./step-schema.ts";

const before = orNull(
  agreeing<Before>()(
    objectOf({
      at: aNumber,
      cordoned: aBoolean,
      bootId: aText,
      address: orAbsent(aText),
      cniFiles: listOf(aText),
      agentUid: aText,
      agentRestarts: orAbsent(aNumber),
      daemonsDown: orAbsent(listOf(aText)),
      outgoing: orAbsent(objectOf({ step: rollbackNodeStep, uid: aText, at: aNumber })),
      rebootAsked: orAbsent(
        objectOf({
          bootId: aText,
          at: aNumber,
          readySince: orAbsent(orNull(aNumber)),
          agent: orAbsent(objectOf({ uid: aText, restarts: aNumber })),
        }),
      ),
    }),
  ),
);

export const failureSchema = agreeing<Failure>()(objectOf({ code: aWord<Failure["code"]>(), reason: reasonSchema }));

const policyRollback = orAbsent(objectOf({ step: nodeStep, failure: failureSchema }));
const tries = { again: orAbsent(aBoolean), retries: orAbsent(aNumber) };
const inHand = { since: aNumber, stepSince: aNumber, before };

const nodeState = agreeing<NodeState>()(
  byField("phase", [
    objectOf({ phase: only("queued") }),
    objectOf({ phase: only("excluded"), because: aText }),
    objectOf({ phase: only("migrating"), step: nodeStep, ...inHand, ...tries }),
    objectOf({
      phase: only("failed"),
      step: anyNodeStep,
      failure: failureSchema,
      at: aNumber,
      since: aNumber,
      before,
      policyRollback,
      ...tries,
    }),
    objectOf({
      phase: only("rolling-back"),
      step: rollbackNodeStep,
      ...inHand,
      policyRollback,
      givenUp: orAbsent(only(true)),
      ...tries,
    }),
    objectOf({ phase: only("deferred"), at: aNumber, since: aNumber, before, policyRollback }),
    objectOf({ phase: only("rolled-back"), at: aNumber, policyRollback }),
    objectOf({ phase: only("migrated"), at: aNumber, tookMs: aNumber, before }),
  ]),
);

/** What a node's annotation must look like to be believed. */
export const lifeRecordSchema = agreeing<NodeRecord>()(
  objectOf({ version: only(1), run: aTime, state: nodeState, timings: mapOf(aNumber) }),
);
