import type { refusals } from "../engine/model/reasons/refusals.ts";
import { failureIn } from "./failure-in.ts";
import type { Said, SayersOf } from "./said.ts";

/** What a request is answered with is a whole sentence; nothing is waited for. */
const because = (text: string): Said => ({ text, clearedBy: "" });

/** Why a request is not carried out. */
export const refusalWords: SayersOf<keyof typeof refusals> = {
  "unknown-node": ({ node }) => because(`there is no node ${node} in this run`),
  "past-no-return": () => because("the old CNI is being removed: nothing can be rolled back any more"),
  "only-whole-run": (_none, { ask }) =>
    because(
      `Cilium is being made the cluster's CNI: only the whole run can be rolled back now (${ask["rollback-all"]("")})`,
    ),
  "rolling-back-already": ({ node }) => because(`${node} is being rolled back already`),
  "node-not-moved": ({ node }) => because(`${node} was not moved: there is nothing to roll back`),
  "other-node-busy": ({ node }) => because(`${node} is being worked on: one node at a time`),
  "node-not-failed": ({ node }) => because(`${node} has not failed: there is nothing to retry`),
  "rollback-deferred": ({ node }) =>
    because(`${node} is deferred: it is rolled back once it is Ready, and can be moved again then`),
  "node-not-changeable": ({ node, phase }) => because(`${node} is ${phase}: that cannot be changed now`),
  "node-not-rebooting": ({ node }) => because(`${node} is not waiting for a reboot`),
  "no-step-failed": () => because("no step of the run has failed"),
  "paused-already": () => because("the run is paused already"),
  "pausing-already": ({ takesHoldAt }) => because(`the run pauses ${takesHoldAt}`),
  "not-paused": () => because("the run is not paused"),
  "consent-not-asked": ({ consent }) => because(`the run does not ask for the consent "${consent}" now`),
  "agreement-not-asked": () => because("nothing waits for that agreement"),
  "agree-first": () => because("the recorded run was not agreed to on this machine: agree to it first"),
  "nothing-changed": () => because("nothing has been changed yet: there is nothing to roll back"),
  "all-rolling-back-already": () => because("everything is being rolled back already"),
  "run-not-begun": () => because("the run has not begun yet"),
  "request-failed": ({ failure }, audience, { say, about }) => {
    const { message, remedy } = failureIn(say, failure, audience, about);
    return because(remedy === "" ? message : `${message}: ${remedy}`);
  },
  "engine-gone": () => because("the engine is gone"),
  "engine-not-started": () => because("the engine did not start"),
  "observing-only": ({ holder }, { name }) =>
    because(
      `you observe a run of ${holder ?? "another engine"}: ${name === "panel" ? "T asks for it" : "crossfade take-over asks for it"}`,
    ),
  "no-runner": (_none, { name }) =>
    because(
      `no engine runs it, so there is none to ask: ${name === "panel" ? "T takes it over" : "crossfade resume takes it over"}`,
    ),
  "runner-silent": ({ holder, seconds }) => because(`${holder} did not answer within ${seconds} s`),
};
