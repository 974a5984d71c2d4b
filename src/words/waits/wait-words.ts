import type { waits } from "../../engine/model/reasons/waits.ts";
import type { SayersOf } from "../said.ts";
import { agentWords } from "./agent-words.ts";
import { cleanUpWords } from "./clean-up-words.ts";
import { cniWords } from "./cni-words.ts";
import { hostWords } from "./host-words.ts";
import { nodeWaitWords } from "./node-wait-words.ts";
import { trafficWords } from "./traffic-words.ts";
import { workloadWords } from "./workload-words.ts";

/** What steps wait for, in words. */
export const waitWords: SayersOf<keyof typeof waits> = {
  ...nodeWaitWords,
  ...agentWords,
  ...cniWords,
  ...hostWords,
  ...trafficWords,
  ...workloadWords,
  ...cleanUpWords,
};
