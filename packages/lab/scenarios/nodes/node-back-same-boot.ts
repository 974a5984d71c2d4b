import type { Scenario } from "../scenario.ts";
import { breakFirstNode } from "./first-node.ts";

/** A node that is a container, or a virtual machine that is resumed instead of booted: sandboxes restart, the kernel does not. */
export const nodeBackSameBoot: Scenario = {
  name: "node-back-same-boot",
  summary: "the first node comes back from its reboot with the bootID that it had",
  answer:
    "Fails the node half a minute after it is back, because its kernel was not restarted: a reboot is believed of its bootID alone.",
  options:
    "Say that it was restarted (`b`, or `crossfade retry --rebooted NODE`) and it goes on; or have it rebooted once more; or roll back, or skip.",
  begin: (stage) => breakFirstNode(stage, "keeps-boot-id"),
};
