import { counted, fullName, someOf } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";

/** Evicting the only pod stops what it serves until the new one is Ready. */
export const singleReplicas: Check = {
  id: "single-replicas",
  title: "Single-replica Deployments",
  check({ facts }) {
    const alone = facts.workloads.filter(({ kind, desired }) => kind === "Deployment" && desired === 1).map(fullName);
    if (alone.length === 0) return ok("Every Deployment that runs has more than one replica");
    return warning(
      `${counted(alone.length, "Deployment")} ${alone.length === 1 ? "has" : "have"} one replica, and ${alone.length === 1 ? "is" : "are"} away while ${alone.length === 1 ? "it moves" : "they move"}: ${someOf(alone)}`,
      "give them a second replica for the time: kubectl scale --replicas=2",
      alone,
    );
  },
};
