import type { failures } from "../../engine/model/reasons/failures.ts";
import { retrying } from "../audience.ts";
import type { SayersOf } from "../said.ts";
import { chartAccessFailureWords, helmFailureWords } from "./helm-failure-words.ts";
import { hostFailureWords, machineFailureWords } from "./host-failure-words.ts";
import { kubeconfigFailureWords } from "./kubeconfig-failure-words.ts";
import { loginFailureWords } from "./login-failure-words.ts";
import { nodeFailureWords } from "./node-failure-words.ts";
import { planFailureWords } from "./plan-failure-words.ts";
import { recordWords } from "./record-words.ts";
import { runFailureWords } from "./run-failure-words.ts";
import { runStepFailureWords } from "./run-step-failure-words.ts";
import { serverFailureWords } from "./server-failure-words.ts";
import { sourceFailureWords } from "./source-failure-words.ts";

/** Why something failed: its text is the message, its remedy what to do next. */
export const failureWords: SayersOf<keyof typeof failures> = {
  "command-refused": ({ message, remedy }) => ({ text: message, clearedBy: "", remedy }),
  bug: ({ stack }) => ({
    text: stack,
    clearedBy: "",
    remedy: "this is a bug of crossfade: please report it with the journal",
  }),
  "step-timed-out": ({ step, node, waitsFor }, audience, { say }) => {
    const { text, remedy } = say(waitsFor, audience, node);
    const back = node === null ? audience.ask["rollback-all"]("") : audience.ask.rollback(node);
    return {
      text: `"${step}"${node === null ? "" : ` on ${node}`} still waits for ${text}`,
      clearedBy: "",
      remedy: remedy ?? `${retrying(audience, node)} to keep waiting, or ${back} to roll back`,
    };
  },
  "cluster-unreachable": ({ detail }, audience, { about }) => ({
    text: detail,
    clearedBy: "",
    remedy: `check the connection to the cluster, then ${retrying(audience, about)}`,
  }),
  "write-denied": ({ by, said }) => ({
    text: `The cluster refused a write: ${said}`,
    clearedBy: "",
    remedy: `see to it that ${by} lets it pass`,
  }),
  ...nodeFailureWords,
  ...runStepFailureWords,
  ...sourceFailureWords,
  ...planFailureWords,
  ...runFailureWords,
  ...recordWords,
  ...serverFailureWords,
  ...kubeconfigFailureWords,
  ...loginFailureWords,
  ...helmFailureWords,
  ...chartAccessFailureWords,
  ...hostFailureWords,
  ...machineFailureWords,
};
