import { needsPerson } from "../engine/model/reason.ts";
import { someOf } from "../engine/model/some-of.ts";
import { failureIn } from "./failure-in.ts";
import { type SayersOf, thenResume } from "./said.ts";

const clock = (at: number) => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** What the decision finds for the run. */
export const decisionWords: SayersOf<
  | "run-paused"
  | "pause-takes-hold"
  | "preflight-blocked"
  | "run-step-failed"
  | "node-failed"
  | "rollback-failed"
  | "failed-node-rolled-back"
  | "nodes-not-ready"
  | "nodes-deferred"
  | "nodes-not-migrated"
  | "traffic-broken"
  | "consent"
> = {
  "run-paused": (_none, { name, ask }) => ({
    text: "the run to be resumed",
    clearedBy: name === "panel" ? `${ask.resume("")} (crossfade resume)` : ask.resume(""),
  }),
  "pause-takes-hold": (_none, { ask }) => ({ text: "the run, which pauses here", clearedBy: ask.resume("") }),
  // A plan with blockers is no run yet: nothing is to be resumed.
  "preflight-blocked": ({ finding, more }, audience, { say }) => {
    const { text, clearedBy } = say(finding, audience);
    return { text: `preflight: ${text}${more > 0 ? ` (and ${more} more)` : ""}`, clearedBy, remedy: clearedBy };
  },
  "run-step-failed": ({ step, failure }, audience, { say }) => {
    const { message, remedy } = failureIn(say, failure, audience, null);
    const { name, ask } = audience;
    const ways =
      name === "panel"
        ? ` (${ask.retry("")} retries, ${ask["rollback-all"]("")} rolls all back)`
        : `; ${ask.resume("")} retries it, ${ask["rollback-all"]("")} rolls everything back`;
    return { text: `"${step}" failed: ${message}`, clearedBy: `${remedy}${ways}` };
  },
  "node-failed": ({ node, step, failure }, audience, { say }) => {
    const { message, remedy } = failureIn(say, failure, audience, node);
    const { name, ask } = audience;
    const ways =
      name === "panel"
        ? ` (${ask.retry(node)} retries, ${ask.rollback(node)} rolls it back)`
        : `; ${ask.skip(node)} excludes it`;
    return { text: `${node} failed at "${step}": ${message}`, clearedBy: `${remedy}${ways}` };
  },
  "rollback-failed": ({ node, step, failure }, audience, { say }) => {
    const { message, remedy } = failureIn(say, failure, audience, node);
    const again = remedy.includes("crossfade ") ? remedy : thenResume(remedy, audience);
    return {
      text: `${node} failed at "${step}": ${message}`,
      clearedBy: audience.name === "panel" ? `${remedy} (${audience.ask.retry(node)} retries)` : again,
    };
  },
  "failed-node-rolled-back": ({ node, step, failure, maxFailures }, audience, { say }) => {
    const { message } = failureIn(say, failure, audience, node);
    const { ask } = audience;
    const tooMany = maxFailures === null ? "" : `, one more than --max-failures ${maxFailures} allows`;
    return {
      text: `${node} failed at "${step}" and was rolled back to its old CNI${tooMany}: ${message}`,
      clearedBy: `${ask.retry(node)} moves it again, ${ask.skip(node)} excludes it and goes on with the next`,
    };
  },
  "nodes-not-ready": ({ nodes, more }) => ({
    text: `${someOf(nodes, 3, more)} to be Ready`,
    clearedBy: "their kubelets",
  }),
  "nodes-deferred": ({ nodes, more }, audience) => ({
    text: `${someOf(nodes, 3, more)} to become Ready: rollback to the old CNI deferred until then`,
    clearedBy: thenResume(
      `repairing it or powering it on, or kubectl delete node ${nodes[0] ?? "NODE"} once it is gone for good`,
      audience,
    ),
  }),
  "nodes-not-migrated": ({ nodes, more, failed }, { name, ask }) => ({
    text: `${someOf(nodes, 3, more)} to be included${failed.length > 0 ? ` (${failed.join(", ")})` : ""}: Cilium can take the cluster over only when every node is moved`,
    clearedBy:
      name === "panel"
        ? `${ask.include("")} to include them, or ${ask["rollback-all"]("")} to roll all back`
        : `${ask.include("--all")} includes them, ${ask["rollback-all"]("")} rolls everything back`,
  }),
  "traffic-broken": ({ between, since, during, error, more, restorable }, audience, { whole }) => {
    const others = more === 0 ? "" : ` (and ${more} more ${more === 1 ? "path" : "paths"})`;
    const where = during === "" ? "" : ` (in "${during}")`;
    const back = restorable === null ? "" : `, or rolling ${restorable} back`;
    const answered = `the path answering twice in a row${back}`;
    return {
      text: `traffic ${between}, lost since ${clock(since)}${where}: ${error}${others}`,
      clearedBy: needsPerson(whole) ? thenResume(answered, audience) : answered,
    };
  },
  consent: ({ consent }, { ask }) => ({ text: `your consent "${consent}"`, clearedBy: ask.consent(consent) }),
};
