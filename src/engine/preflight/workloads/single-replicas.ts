import type { ObjectRef } from "../../model/cluster/object-ref.ts";
import type { WorkloadFacts } from "../../model/facts.ts";
import { fullName } from "../../model/some-of.ts";
import { type Check, ok, some, warning } from "../check.ts";

const isSame = (object: ObjectRef, { kind, namespace, name }: WorkloadFacts): boolean =>
  object.kind === kind && object.namespace === namespace && object.name === name;

/** Evicting the only pod stops what it serves until the new one is Ready. What goes with the source serves nobody in the end. */
export const singleReplicas: Check = {
  id: "single-replicas",
  check({ facts, ofSource }) {
    const alone = facts.workloads
      .filter(({ kind, desired }) => kind === "Deployment" && desired === 1)
      .filter((one) => !ofSource.some((object) => isSame(object, one)))
      .map(fullName);
    return alone.length === 0 ? ok() : warning("deployments-with-one-replica", some(alone), alone);
  },
};
