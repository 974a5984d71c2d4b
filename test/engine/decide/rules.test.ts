import { expect, test } from "vitest";
import { decide } from "../../../src/engine/decide/decide.ts";
import { type RuleName, ruleTables } from "../../../src/engine/decide/rules.ts";
import type { RunOptions } from "../../../src/engine/model/plan-types.ts";
import { allMoved, ready, three, viewOf } from "../../support/lab/decisions.ts";
import { type RunStory, RunStory as Story } from "../../support/panel/run-state.ts";
import { said } from "../../support/said.ts";

const told = (options: Partial<RunOptions>): RunStory => new Story(["a", "b", "c"], options).ready();
const undo = () => told({ onNodeFailure: "rollback" });

/** A story in which each rule is the one that speaks, with the nodes that are not Ready. */
const spoken: Readonly<Record<RuleName, readonly [RunStory, (readonly string[])?]>> = {
  paused: [ready().paused()],
  "pause-takes-hold": [ready().pausing()],
  "run-step-failed": [allMoved().consented("finalize").stepFailed("upgrade")],
  "out-of-reach": [ready().failed("a", "reboot").rolledBack("a"), ["a"]],
  "rollback-goes-on": [ready().migrated("a").rolledBack("a")],
  "broken-path-stops-node": [ready().migrated("a", "b").at("c", "precheck").broke("a", "b")],
  "turned-back": [ready().at("a", "drain").turnedBack()],
  "node-goes-on": [ready().at("a", "drain")],
  "failed-rollback-retried": [told({ retries: 1 }).migrated("a").failed("a", "rollback-agent").turnedBack()],
  "rollback-failed": [ready().migrated("a").failed("a", "rollback-verify").turnedBack()],
  "final-values-first": [allMoved().consented("finalize").begun("upgrade").turnedBack()],
  "next-node-back": [ready().migrated("a").turnedBack()],
  "nodes-back-not-ready": [ready().migrated("a").turnedBack(), ["a"]],
  "deferred-awaited-back": [ready().failed("a", "reboot").rolledBack("a").deferred("a").turnedBack(), ["a"]],
  "steps-back": [ready().turnedBack()],
  "deferred-node-ready": [ready().failed("a", "reboot").rolledBack("a").deferred("a")],
  "failed-node-retried": [told({ retries: 1 }).failed("a", "restart-agent")],
  "failed-node-rolled-back": [undo().failed("a", "verify")],
  "node-failed": [ready().failed("a", "verify")],
  "too-many-failed": [undo().failed("a", "verify").policyRollback("a", "rollback-cordon").restored("a")],
  "first-consent": [three()],
  "steps-before-nodes": [three().consented("nodes")],
  "broken-path-stops-run": [ready().migrated("a", "b").broke("a", "b")],
  "next-node": [ready()],
  "nodes-not-ready": [ready(), ["a", "b", "c"]],
  "deferred-awaited": [ready().failed("a", "reboot").rolledBack("a").deferred("a").migrated("b", "c"), ["a"]],
  "nodes-not-migrated": [ready().migrated("a", "b").excluded("c")],
  "consent-after-nodes": [allMoved()],
  "steps-after-nodes": [allMoved().consented("finalize")],
};

test.each(Object.entries(spoken))("%s", (name, [story, notReady = []]) => {
  expect(decide(story.state, viewOf(story, notReady)).rule).toBe(name);
});

test("every rule has a name of its own, and a story in which it speaks", () => {
  const names = Object.values(ruleTables)
    .flat()
    .map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(spoken).toSorted()).toEqual(names.toSorted());
});

test("of many nodes a reason names some and counts the others, and the sentence is the same", () => {
  const names = Array.from({ length: 300 }, (_, at) => `w${at}`);
  const story = new Story(names).ready();
  const { act } = decide(story.state, viewOf(story, names));
  if (act.do !== "wait") throw new Error("it does not wait");
  expect(JSON.stringify(act.reason).length).toBeLessThan(500);
  expect(said(act.reason).because).toBe("w0, w1, w2 and 297 more to be Ready");
});
