import type { Scenario } from "../scenario.ts";
import { breakFirstNode } from "./first-node.ts";

/** As where the agent's pod mounts another folder than the node's runtime reads (cni.confPath on k3s, MicroK8s, k0s). */
export const cniFileLost: Scenario = {
  name: "cni-file-lost",
  summary: "the agent of the first node is Ready and says that it wrote its CNI file, and the node does not have it",
  answer:
    "Does not trust the agent's readiness: no reboot before the file is seen on the node; recreates the agent's pod (`--retries`), then the node fails and the files that it has are listed.",
  options: "Correct where the agent writes to and retry; or roll the node back; or skip it.",
  begin: (stage) => breakFirstNode(stage, "cni-file-lost"),
};
