import type { Scenario } from "../scenario.ts";
import { breakFirstNode } from "./first-node.ts";

/** The kernel is up and the kubelet speaks, but no container can be started. */
export const nodeBackNotReady: Scenario = {
  name: "node-back-not-ready",
  summary: "the first node comes back from its reboot NotReady, because its container runtime is down",
  answer:
    "Waits for `--reboot-timeout`, quoting the kubelet's own reason; then the node fails, cordoned, and the run stops.",
  options:
    "Repair the runtime: until the time is up the node goes on by itself, after that with retry; or roll back, or skip.",
  begin: (stage) => breakFirstNode(stage, "runtime-down"),
};
