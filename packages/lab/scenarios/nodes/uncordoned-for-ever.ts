import type { Scenario } from "../scenario.ts";
import { syncSwitch } from "../workloads/gitops.ts";
import { uncordonAfterCordon } from "./first-node.ts";

/** An autoscaler or a remediation controller that thinks that it owns the cordon. */
export const uncordonedForEver: Scenario = {
  name: "uncordoned-for-ever",
  summary: "GitOps uncordons every cordoned node six seconds later, each time, until its Application is deleted",
  answer:
    "Cordons the node again; the fifth time within one drain the node fails, still on its old network. Once Cilium is enabled on it, it is cordoned again as often as it takes.",
  options: "Find out who uncordons it, stop them and retry; or roll the node back; or skip it.",
  begin: (stage) => uncordonAfterCordon(stage, Number.POSITIVE_INFINITY, syncSwitch(stage.store)),
};
