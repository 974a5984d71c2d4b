import type { Scenario } from "../scenario.ts";
import { isOnCilium, onFirstNode } from "./first-node.ts";

/** A cluster autoscaler, or a colleague, takes a machine out that is between two networks. */
export const nodeVanishes: Scenario = {
  name: "node-vanishes",
  summary: "the first node is deleted from the cluster once Cilium is enabled on it, and its machine is gone",
  answer: "Says that it left, lets it go and moves the next one: nothing is left that could be half-moved.",
  options: "None is needed; a machine that joins again under this name is taken in as a new one.",
  begin: (stage) => onFirstNode(stage, isOnCilium, (name) => stage.removeNode(name)),
};
