import { expect, test } from "vitest";
import { decide } from "../../../src/engine/decide/decide.ts";
import { nodeInHand, safePoint } from "../../../src/engine/decide/nodes-of-run.ts";
import type { RunOptions } from "../../../src/engine/model/plan-types.ts";
import { decides, type Row, viewOf } from "../../support/lab/decisions.ts";
import { RunStory as Story } from "../../support/panel/run-state.ts";
import { said } from "../../support/said.ts";

const told = (options: Partial<RunOptions> = {}) => new Story(["a", "b", "c"], options).ready();
const dead = () => told().failed("a", "reboot").rolledBack("a");
const away = () => dead().deferred("a");
const skip = (maxFailures = 1) => told({ onNodeFailure: "skip", maxFailures }).failed("a", "reboot");
const stopped = (story: Story) =>
  story.policyRollback("a", "rollback-cordon").failed("a", "rollback-cordon").rolledBack("a");
const comesBack = "a to become Ready: rollback to the old CNI deferred until then";

const deferring: readonly Row[] = [
  ["a failed node that is to be taken back and is off is set aside", dead(), "set a aside", ["a"]],
  ["one that answers is taken back", dead(), "undo a"],
  [
    "one in the middle of its reboot is waited for: it may be back in a minute",
    told().at("a", "reboot").rolledBack("a"),
    "undo a",
    ["a"],
  ],
  ["so is a migrated one that reboots", told().migrated("a").rolledBack("a"), "undo a", ["a"]],
  [
    "both are set aside once that took too long and they are undone again",
    told().migrated("a").rolledBack("a").failed("a", "rollback-cordon").rolledBack("a"),
    "set a aside",
    ["a"],
  ],
  [
    "one whose way back has begun is gone on with: its step has a time of its own",
    told().failed("a", "reboot").rolledBack("a").rollingBack("a", "rollback-agent"),
    "undo a",
    ["a"],
  ],
  ["the last one too: the run waits for it without a limit", dead().migrated("b", "c"), "set a aside", ["a"]],
  ["on a paused run it is waited for: nobody else is moved", dead().paused(), "undo a", ["a"]],
  ["a pause that is asked for need not wait for it", dead().pausing(), "set a aside", ["a"]],
  ["where everything is undone it keeps no other waiting", dead().turnedBack(), "set a aside", ["a"]],
  [
    "one that failed and is off is set aside on that way too",
    told().failed("a", "reboot").turnedBack(),
    "undo a",
    ["a"],
  ],
  ["after those that are Ready", told().migrated("b").failed("a", "reboot").turnedBack(), "undo b", ["a"]],
  ["the policy skip sets it aside", skip().policyRollback("a", "rollback-cordon"), "set a aside", ["a"]],
  ["but not where no failure is allowed", skip(0).policyRollback("a", "rollback-cordon"), "undo a", ["a"]],
  ["until a person skips it", stopped(skip(0)), "set a aside", ["a"]],
  [
    "nor does the policy rollback: it stops the run",
    told({ onNodeFailure: "rollback" }).failed("a", "reboot").policyRollback("a", "rollback-cordon"),
    "undo a",
    ["a"],
  ],
  [
    "until a person skips it there, too",
    stopped(told({ onNodeFailure: "rollback" }).failed("a", "reboot")),
    "set a aside",
    ["a"],
  ],
  [
    "and then the policy has nothing to ask once it is restored",
    stopped(told({ onNodeFailure: "rollback" }).failed("a", "reboot"))
      .deferred("a")
      .rollingBack("a", "rollback-verify")
      .restored("a"),
    "move b",
  ],
];

const deferNode: readonly Row[] = [
  ["the next node is moved", away(), "move b", ["a"]],
  ["and gone on with", away().at("b", "drain"), "move b", ["a"]],
  ["one in hand is finished first when it is back", away().at("b", "drain"), "move b"],
  ["then it is taken back before another one is begun", away().migrated("b"), "undo a"],
  ["and before a failed one is waited for", away().failed("b", "drain"), "undo a"],
  ["a failed one is waited for while it is off", away().failed("b", "drain"), "wait for a person: b failed…", ["a"]],
  ["two of them stand aside", away().failed("b", "reboot").rolledBack("b").deferred("b"), "move c", ["a", "b"]],
  ["the one that is back is taken back", away().failed("b", "reboot").rolledBack("b").deferred("b"), "undo a", ["b"]],
  [
    "one that goes off while another is back is set aside for it",
    away().migrated("b").failed("c", "reboot").rolledBack("c"),
    "set c aside",
    ["c"],
  ],
  ["at the end the run waits for it, by name", away().migrated("b", "c"), `wait for a person: ${comesBack}`, ["a"]],
  ["gone on with on its way back", away().rollingBack("a", "rollback-files"), "undo a", ["a"]],
  ["set aside a second time when it goes off again", away().rollingBack("a", "rollback-cordon"), "set a aside", ["a"]],
  ["restored, it is left out as any other", away().rollingBack("a", "rollback-verify").restored("a"), "move b"],
  ["deleted, it is let go", away().vanished("a").migrated("b", "c"), "ask finalize"],
  ["a paused run stands still when it is back", away().paused(), "wait for a person: the run to be resumed"],
  ["until a person takes it back", away().paused().rolledBack("a"), "undo a"],
  ["resumed, the run takes it back", away().paused().resumed(), "undo a"],
  ["a pause takes hold at once", away().pausing(), "stand still", ["a"]],
  ["turned back, it is rolled back once it is Ready", away().turnedBack(), "undo a"],
  ["before, those that are Ready are", away().migrated("b").turnedBack(), "undo b", ["a"]],
  ["and a person is waited for where it alone is left", away().turnedBack(), `wait for a person: ${comesBack}`, ["a"]],
  [
    "by policy it is one of the failures that are allowed",
    skip()
      .policyRollback("a", "rollback-cordon")
      .deferred("a")
      .failed("b", "verify")
      .policyRollback("b", "rollback-cordon")
      .restored("b"),
    'wait for a person: b failed at "verify" and was rolled back to its old CNI, one more than --max-failures 1 allows…',
    ["a"],
  ],
];

decides({ "setting a node aside": deferring, "with a node set aside": deferNode });

test("a node that is set aside is not in hand, keeps no pause waiting, and says why it waits", () => {
  const story = away();
  expect(nodeInHand(story.state)).toBeNull();
  expect(safePoint(story.state)).toBeNull();
  expect(said(decide(story.state, viewOf(story, ["a"])).holds.a)).toMatchObject({
    because: "a to become Ready: it is deferred, and rolled back once it is Ready",
    clearedBy: "its kubelet",
    needsPerson: false,
  });
});

test("once it is back, it waits for what the others wait for", () => {
  const story = away().at("b", "drain");
  expect(said(decide(story.state, viewOf(story)).holds.a).because).toBe("its turn, after b");
  const paused = away().paused();
  expect(said(decide(paused.state, viewOf(paused)).holds.a).because).toBe("the run to be resumed");
});
