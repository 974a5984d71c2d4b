import type { Scenario } from "../scenario.ts";
import { uncordonAfterCordon } from "./first-node.ts";

/** kubectl uncordon by somebody who does not know why the node is cordoned. */
export const uncordonedInMidMove: Scenario = {
  name: "uncordoned-in-mid-move",
  summary: "another user uncordons nodes that are being drained or moved, three times in all",
  answer: "Cordons the node again, says so, and evicts what came to it meanwhile.",
  options: "None is needed.",
  begin: (stage) => uncordonAfterCordon(stage, 3),
};
