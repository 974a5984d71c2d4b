import type { Scenario } from "../scenario.ts";
import { breakFirstNode } from "./first-node.ts";

/** As with a kernel that lacks what the full datapath needs: it shows only where the agent is in charge. */
export const agentCrashLoops: Scenario = {
  name: "agent-crash-loops",
  summary: "the Cilium agent of the first node crash-loops once Cilium is enabled on the node",
  answer:
    "Recreates the agent's pod up to `--retries` times; when that crash-loops too, the node fails with the agent's last words, and the run stops.",
  options: "Roll the node back: its pods stay on the old network; or fix the cause and retry; or skip it.",
  begin: (stage) => breakFirstNode(stage, "agent-crashes"),
};
