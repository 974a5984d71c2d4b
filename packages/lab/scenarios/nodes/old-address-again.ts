import type { Scenario } from "../scenario.ts";
import { breakFirstNode } from "./first-node.ts";

/** containerd with a conf_dir of its own, or with one that it no longer watches. */
export const oldAddressAgain: Scenario = {
  name: "old-address-again",
  summary: "pods of the first node go on getting addresses from the old range after the switch",
  answer:
    "Recreates such a pod twice, then fails the node with the pod's name and address, instead of recreating it for ever.",
  options: "Fix the container runtime and retry; or roll the node back: the old network still works on it; or skip it.",
  begin: (stage) => breakFirstNode(stage, "runtime-reads-elsewhere"),
};
