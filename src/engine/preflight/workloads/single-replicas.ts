import { fullName } from "../../model/some-of.ts";
import { type Check, ok, some, warning } from "../check.ts";

/** Evicting the only pod stops what it serves until the new one is Ready. */
export const singleReplicas: Check = {
  id: "single-replicas",
  check({ facts }) {
    const alone = facts.workloads.filter(({ kind, desired }) => kind === "Deployment" && desired === 1).map(fullName);
    return alone.length === 0 ? ok() : warning("deployments-with-one-replica", some(alone), alone);
  },
};
