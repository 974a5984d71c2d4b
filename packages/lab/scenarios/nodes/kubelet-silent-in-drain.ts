import type { Scenario } from "../scenario.ts";
import { isCordoned, onFirstNode } from "./first-node.ts";

/** Nobody can say then whether its pods have stopped, so they stay Terminating: the API server waits for the kubelet. */
export const kubeletSilentInDrain: Scenario = {
  name: "kubelet-silent-in-drain",
  summary: "the first node loses its power while it is drained, and its pods stay Terminating",
  answer:
    "Holds the drain, naming a pod and the silent kubelet; never deletes by force. After `--drain-timeout` the node fails, cordoned, and the run stops.",
  options:
    "Power it on, and the drain goes on by itself; once it is surely off, delete the pods by force; or delete its Node, and the run lets it go.",
  begin(stage) {
    onFirstNode(stage, isCordoned, (name) => {
      stage.machines.get(name)?.faults.add("stays-off");
      void stage.kubelets.reboot(name);
    });
  },
};
