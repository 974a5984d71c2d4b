import * as v from "valibot";
import { clearedBys, type Reason, reasonParams, requestKinds } from "../../engine/model/reason.ts";
import type { ParamKind } from "../../engine/model/reasons/param-kind.ts";
import { startCauses } from "../../engine/model/reasons/start-trouble.ts";
import {
  aNumber,
  aText,
  aTime,
  byField,
  listOf,
  objectOf,
  oneOf,
  only,
  orNull,
  type SchemaOf,
} from "./schema-parts.ts";

const common = {
  object: orNull(objectOf({ kind: aText, namespace: orNull(aText), name: aText })),
  clearedBy: oneOf(clearedBys),
  actions: listOf(oneOf(requestKinds)),
};

const trouble = objectOf({
  pod: orNull(aText),
  unmade: orNull(aText),
  namespace: aText,
  why: aText,
  restarts: aNumber,
  lastFailure: aText,
  more: aNumber,
  cause: orNull(oneOf(startCauses)),
  named: orNull(aText),
});

/** What each kind of fact must be; `within` is a reason in one. */
export function kindsWith(within: v.GenericSchema): Readonly<Record<ParamKind, v.GenericSchema>> {
  return {
    text: aText,
    "text?": orNull(aText),
    texts: listOf(aText),
    number: aNumber,
    "number?": orNull(aNumber),
    time: aTime,
    "time?": orNull(aTime),
    budgets: listOf(objectOf({ name: aText, allowed: aNumber, pods: aNumber, needs: aNumber, has: aNumber })),
    "trouble?": orNull(trouble),
    failed: objectOf({ code: aText, reason: within }),
    reason: within,
    undrainable: listOf(
      objectOf({ pod: aText, why: oneOf(["emptydir", "no-controller", "daemonset-gone"]), volumes: listOf(aText) }),
    ),
    cnis: listOf(objectOf({ name: aText, daemonSets: listOf(aText), nodes: listOf(aText), more: aNumber })),
  };
}

/** `within`: a reason that this one holds. */
function schemaOf(within: v.GenericSchema): v.GenericSchema {
  const kinds = kindsWith(within);
  const all = Object.entries(reasonParams).map(([code, params]) => {
    const facts = Object.entries(params).map(([name, kind]) => [name, kinds[kind]] as const);
    return objectOf({ code: only(code), params: objectOf(Object.fromEntries(facts)), ...common });
  });
  return byField("code", all);
}

const tooDeep = v.custom<never>(() => false, "is nested too deep");

/**
 * A reason of a code that this build knows, with all of its facts, by the list from which its type follows: what is shown
 * of it is made of nothing else. A failure in it has a reason, which may hold what its step waited for, a blocker what its
 * check found, and no more.
 */
export const reasonSchema = schemaOf(schemaOf(schemaOf(tooDeep))) as unknown as SchemaOf<Reason>;
