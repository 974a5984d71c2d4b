import type { CheckId, findings } from "../engine/model/reasons/findings.ts";
import { distributionWords } from "./findings/distribution-words.ts";
import { existingCiliumWords } from "./findings/existing-cilium-words.ts";
import { type CheckWords, found } from "./findings/found.ts";
import { hybridWords } from "./findings/hybrid-words.ts";
import { networkWords } from "./findings/network-words.ts";
import { nodeWords } from "./findings/node-words.ts";
import { planWords } from "./findings/plan-words.ts";
import { rebootWords } from "./findings/reboot-words.ts";
import { toolWords } from "./findings/tool-words.ts";
import { workloadWords } from "./findings/workload-words.ts";
import type { SayersOf } from "./said.ts";

const byCheck = {
  ...networkWords,
  ...hybridWords,
  ...existingCiliumWords,
  ...nodeWords,
  ...distributionWords,
  ...rebootWords,
  ...toolWords,
  ...workloadWords,
  ...planWords,
};

/** Preflight's checks by their ids. */
export const checkWords: Readonly<Record<CheckId, CheckWords>> = byCheck;

/** What preflight's checks find. */
export const findingWords: SayersOf<keyof typeof findings> = Object.assign(
  {
    "lists-not-counted": ({ lists }) =>
      found(
        `Could not be listed: ${lists.join("; ")}`,
        "check why the API server cannot list them, then run crossfade preflight again",
      ),
  } satisfies SayersOf<"lists-not-counted">,
  ...Object.values(byCheck).map(({ finds }) => finds),
);
