import type { Scenario } from "../scenario.ts";
import { isOnCilium, onFirstNode } from "./first-node.ts";

/** The autoscaler adds a machine, which comes up with what the cluster has for all: the old CNI. */
export const nodeJoins: Scenario = {
  name: "node-joins",
  summary: "a new node joins with the old CNI while the first one is moved",
  answer: "Takes it in, says so, and moves it after the others; Cilium takes over only when it is moved too.",
  options: "Exclude it for now with `m`: then the run waits before it finalizes.",
  begin: (stage) => onFirstNode(stage, isOnCilium, () => void stage.addNode()),
};
