import type { Scenario } from "../scenario.ts";
import { breakFirstNode } from "./first-node.ts";

/** A machine that hangs in its firmware, or whose boot disk is gone. */
export const nodeNeverReturns: Scenario = {
  name: "node-never-returns",
  summary: "the first node goes down for its reboot and stays off",
  answer:
    "Waits for `--reboot-timeout`, saying since when the kubelet is silent; then the node fails, cordoned, and the run stops.",
  options:
    "Power it on and retry; or roll it back or skip it: it is deferred, cordoned, the others are moved meanwhile, and it is rolled back once it is Ready; or delete its Node, and the run lets it go.",
  begin: (stage) => breakFirstNode(stage, "stays-off"),
};
