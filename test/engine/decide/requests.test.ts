import { describe, expect, test } from "vitest";
import { answer } from "../../../src/engine/decide/requests.ts";
import type { EngineRequest } from "../../../src/engine/model/events.ts";
import { panel } from "../../../src/words/audience.ts";
import { explain } from "../../../src/words/explain.ts";
import { type RunStory, run } from "../../support/panel/run-state.ts";

const by = "ana";
const ready = () => run("a", "b").ready();

/** What an answer comes to, in one word or sentence. */
function said(story: RunStory, request: EngineRequest): string {
  const found = answer(story.state, request, 5_000);
  if ("refused" in found) return `no: ${explain(found.refused, panel).text}`;
  return found.events.map((event) => ("node" in event ? `${event.type} ${event.node}` : event.type)).join(", ");
}

type Row = readonly [string, RunStory, EngineRequest, string];

const rows: readonly Row[] = [
  ["pause asks the run to pause", ready(), { request: "pause", by }, "pace-changed"],
  ["pause twice is refused", ready().paused(), { request: "pause", by }, "no: the run is paused already"],
  [
    "pause while pausing says when it takes hold",
    ready().pausing(),
    { request: "pause", by },
    "no: the run pauses soon",
  ],
  ...(["rollback", "skip"] as const).map(
    (request): Row => [
      `${request} of a node that is set aside takes it back`,
      ready().failed("a", "reboot").rolledBack("a").deferred("a"),
      { request, node: "a", by },
      "node-rollback-step-started a",
    ],
  ),
  [
    "retry of one says what comes first",
    ready().failed("a", "reboot").rolledBack("a").deferred("a"),
    { request: "retry", node: "a", by },
    "no: a is deferred: it is rolled back once it is Ready, and can be moved again then",
  ],
  [
    "another node can be undone beside one that is set aside",
    ready().migrated("b").failed("a", "reboot").rollingBack("a", "rollback-cordon").deferred("a"),
    { request: "rollback", node: "b", by },
    "node-rollback-step-started b",
  ],
  ["resume lets it go on", ready().paused(), { request: "resume", by }, "pace-changed"],
  ["resume takes a pause back that has not taken hold", ready().pausing(), { request: "resume", by }, "pace-changed"],
  ["resume of a running run is refused", ready(), { request: "resume", by }, "no: the run is not paused"],
  [
    "consent that is asked for is taken",
    run("a").asked("nodes"),
    { request: "consent", consent: "nodes", by },
    "consent-given",
  ],
  [
    "consent to something else is refused",
    run("a").asked("nodes"),
    { request: "consent", consent: "remove-source", by },
    'no: the run does not ask for the consent "remove-source" now',
  ],
  [
    "consent that nobody asked for is refused",
    ready(),
    { request: "consent", consent: "finalize", by },
    'no: the run does not ask for the consent "finalize" now',
  ],
  ["a queued node can be left out", ready(), { request: "exclude", nodes: ["a"], by }, "node-excluded a"],
  ["several nodes at once", ready(), { request: "exclude", nodes: ["a", "b"], by }, "node-excluded a, node-excluded b"],
  [
    "a node at work cannot be left out",
    ready().at("a", "drain"),
    { request: "exclude", nodes: ["a"], by },
    "no: a is migrating: that cannot be changed now",
  ],
  [
    "one wrong node refuses them all",
    ready().migrated("b"),
    { request: "exclude", nodes: ["a", "b"], by },
    "no: b is migrated: that cannot be changed now",
  ],
  [
    "an unknown node is named",
    ready(),
    { request: "exclude", nodes: ["zz"], by },
    "no: there is no node zz in this run",
  ],
  [
    "an excluded node can be taken in again",
    ready().excluded("a"),
    { request: "include", nodes: ["a"], by },
    "node-queued a",
  ],
  [
    "a restored node can be taken in again",
    ready().restored("a"),
    { request: "include", nodes: ["a"], by },
    "node-queued a",
  ],
  [
    "a queued node need not be taken in",
    ready(),
    { request: "include", nodes: ["a"], by },
    "no: a is queued: that cannot be changed now",
  ],
  [
    "a failed node is retried at its step",
    ready().failed("a", "verify"),
    { request: "retry", node: "a", by },
    "node-step-started a",
  ],
  [
    "a node that failed to go back is retried there",
    ready().failed("a", "rollback-files"),
    { request: "retry", node: "a", by },
    "node-rollback-step-started a",
  ],
  [
    "what has not failed is not retried",
    ready().migrated("a"),
    { request: "retry", node: "a", by },
    "no: a has not failed: there is nothing to retry",
  ],
  [
    "a failed step of the run is retried",
    run("a").consented("nodes").stepFailed("verify-install"),
    { request: "retry", node: null, by },
    "run-step-started",
  ],
  [
    "without a failed step there is nothing to retry",
    ready(),
    { request: "retry", node: null, by },
    "no: no step of the run has failed",
  ],
  [
    "a node that the policy had taken back is moved again",
    ready().failed("a", "verify").policyRollback("a", "rollback-cordon").restored("a"),
    { request: "retry", node: "a", by },
    "node-queued a",
  ],
  [
    "one that a person took back has nothing to retry",
    ready().migrated("a").rollingBack("a", "rollback-cordon").restored("a"),
    { request: "retry", node: "a", by },
    "no: a has not failed: there is nothing to retry",
  ],
  [
    "skipping one that was taken back leaves it out, and keeps why",
    ready().failed("a", "verify").policyRollback("a", "rollback-cordon").restored("a"),
    { request: "skip", node: "a", by },
    "node-excluded a",
  ],
  [
    "a node whose reboot failed can be declared restarted: its step begins again",
    ready().failed("a", "reboot"),
    { request: "rebooted", node: "a", by },
    "node-step-started a, log a",
  ],
  [
    "while another is in hand it cannot",
    ready().failed("a", "reboot").at("b", "drain"),
    { request: "rebooted", node: "a", by },
    "no: b is being worked on: one node at a time",
  ],
  ["skipping a queued node leaves it out", ready(), { request: "skip", node: "a", by }, "node-excluded a"],
  [
    "skipping a failed node undoes it: it is never left half-moved",
    ready().failed("a", "verify"),
    { request: "skip", node: "a", by },
    "node-rollback-step-started a",
  ],
  [
    "a migrated node is undone",
    ready().migrated("a"),
    { request: "rollback", node: "a", by },
    "node-rollback-step-started a",
  ],
  [
    "a node in mid-move is undone",
    ready().at("a", "reboot"),
    { request: "rollback", node: "a", by },
    "node-rollback-step-started a",
  ],
  [
    "a queued node has nothing to undo",
    ready(),
    { request: "rollback", node: "a", by },
    "no: a was not moved: there is nothing to roll back",
  ],
  [
    "a node is not undone twice",
    ready().rollingBack("a", "rollback-drain"),
    { request: "rollback", node: "a", by },
    "no: a is being rolled back already",
  ],
  [
    "no node is undone while another is moved",
    ready().migrated("a").at("b", "drain"),
    { request: "rollback", node: "a", by },
    "no: b is being worked on: one node at a time",
  ],
  [
    "after the upgrade a single node cannot go back",
    ready().migrated("a", "b").begun("upgrade"),
    { request: "rollback", node: "a", by },
    "no: Cilium is being made the cluster's CNI: only the whole run can be rolled back now (U)",
  ],
  [
    "past the point of no return no node can",
    ready().migrated("a", "b").begun("remove-source"),
    { request: "rollback", node: "a", by },
    "no: the old CNI is being removed: nothing can be rolled back any more",
  ],
  [
    "everything can be undone, and a pause ends with it",
    ready().migrated("a").paused(),
    { request: "rollback-all", by },
    "direction-changed, pace-changed",
  ],
  [
    "before anything was touched there is nothing to roll back",
    run("a"),
    { request: "rollback-all", by },
    "no: nothing has been changed yet: there is nothing to roll back",
  ],
  [
    "past the point of no return everything cannot",
    ready().begun("remove-source"),
    { request: "rollback-all", by },
    "no: the old CNI is being removed: nothing can be rolled back any more",
  ],
  [
    "undoing everything twice is refused",
    ready().turnedBack(),
    { request: "rollback-all", by },
    "no: everything is being rolled back already",
  ],
  [
    "a node that waits for its reboot can be declared restarted",
    ready().at("a", "reboot"),
    { request: "rebooted", node: "a", by },
    "log a",
  ],
  [
    "any other cannot",
    ready().at("a", "drain"),
    { request: "rebooted", node: "a", by },
    "no: a is not waiting for a reboot",
  ],
  [
    "what happens when the panel leaves can be changed",
    ready(),
    { request: "when-left", whenLeft: "continue", by },
    "when-left-changed",
  ],
];

describe("requests", () => {
  test.each(rows)("%s", (_sentence, story, request, expected) => {
    expect(said(story, request)).toBe(expected);
  });

  test("a pause in mid-move says at which safe point it takes hold", () => {
    const found = answer(ready().at("a", "verify").state, { request: "pause", by }, 5_000);
    expect(found).toMatchObject({ events: [{ takesHoldAt: "after a is moved and uncordoned" }] });
  });
});
