import type { Scenario } from "../scenario.ts";
import { breakFirstNode } from "./first-node.ts";

/** As with a kernel that lacks what the full datapath needs: it shows only where the agent is in charge. */
export const agentCrashLoops: Scenario = {
  name: "agent-crash-loops",
  summary: "the Cilium agent of the first node exits again and again once the node was handed over",
  answer:
    "Recreates the agent's pod up to `--retries` times; when that crash-loops too, the node fails with the agent's last words, and the run stops.",
  options: "Undo the node: its pods stay on the old network; or mend the cause and retry; or skip it.",
  begin: (stage) => breakFirstNode(stage, "agent-crashes"),
};
