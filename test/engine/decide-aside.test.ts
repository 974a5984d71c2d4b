import { expect, test } from "vitest";
import { decide, nodeInHand, safePoint } from "../../src/engine/decide.ts";
import type { RunOptions } from "../../src/engine/plan-types.ts";
import { decides, type Row, viewOf } from "../support/decisions.ts";
import { RunStory as Story } from "../support/run-state.ts";

const told = (options: Partial<RunOptions> = {}) => new Story(["a", "b", "c"], options).ready();
const dead = () => told().failed("a", "reboot").undoing("a", "undo-cordon");
const skip = (maxFailures = 1) => told({ onNodeFailure: "skip", maxFailures }).failed("a", "reboot");
const comesBack = "a to come back: set aside in the middle of the move, to be taken back once Ready";

const settingAside: readonly Row[] = [
  ["a node that is to be taken back and is off is set aside while others can be moved", dead(), "set a aside", ["a"]],
  ["one that answers is taken back", dead(), "undo a"],
  [
    "one whose way back has begun is gone on with: half of it must not lie about",
    told().failed("a", "reboot").undoing("a", "undo-agent"),
    "undo a",
    ["a"],
  ],
  ["with nobody else to move it is waited for", dead().migrated("b", "c"), "undo a", ["a"]],
  ["nor is it set aside for one that is not Ready either", dead().migrated("b"), "undo a", ["a", "c"]],
  ["on a paused run it is waited for: nobody else is moved", dead().paused(), "undo a", ["a"]],
  ["a pause that is asked for need not wait for it", dead().migrated("b", "c").pausing(), "set a aside", ["a"]],
  [
    "a migrated one that is off is set aside too",
    told().migrated("a").undoing("a", "undo-cordon"),
    "set a aside",
    ["a"],
  ],
  ["where everything is undone it is waited for", dead().turnedBack(), "undo a", ["a"]],
  ["the policy skip sets it aside", skip().takenBack("a", "undo-cordon"), "set a aside", ["a"]],
  ["but not where no failure is allowed", skip(0).takenBack("a", "undo-cordon"), "undo a", ["a"]],
  [
    "nor does the policy undo: it stops the run",
    told({ onNodeFailure: "undo" }).failed("a", "reboot").takenBack("a", "undo-cordon"),
    "undo a",
    ["a"],
  ],
];

const setAside: readonly Row[] = [
  ["the next node is moved", dead().aside("a"), "move b", ["a"]],
  ["and gone on with", dead().aside("a").at("b", "drain"), "move b", ["a"]],
  ["one in hand is finished first when it is back", dead().aside("a").at("b", "drain"), "move b"],
  ["then it is taken back before another one is begun", dead().aside("a").migrated("b"), "undo a"],
  ["and before a failed one is waited for", dead().aside("a").failed("b", "drain"), "undo a"],
  [
    "a failed one is waited for while it is off",
    dead().aside("a").failed("b", "drain"),
    "wait for a person: b failed…",
    ["a"],
  ],
  [
    "at the end the run waits for it, by name",
    dead().aside("a").migrated("b", "c"),
    `wait for a person: ${comesBack}`,
    ["a"],
  ],
  ["gone on with on its way back", dead().aside("a").undoing("a", "undo-files"), "undo a", ["a"]],
  [
    "set aside a second time when it goes off again",
    dead().aside("a").undoing("a", "undo-cordon"),
    "set a aside",
    ["a"],
  ],
  ["restored, it is left out as any other", dead().aside("a").undoing("a", "undo-verify").restored("a"), "move b"],
  ["deleted, it is let go", dead().aside("a").vanished("a").migrated("b", "c"), "ask finalize"],
  ["a paused run stands still when it is back", dead().aside("a").paused(), "wait for a person: the run is paused"],
  ["a pause takes hold at once", dead().aside("a").pausing(), "stand still", ["a"]],
  ["turned back, it is undone once it is Ready", dead().aside("a").turnedBack(), "undo a"],
  ["and waited for before", dead().aside("a").turnedBack(), "wait for the cluster: a to be Ready", ["a"]],
  [
    "by policy it is one of the failures that are allowed",
    skip().takenBack("a", "undo-cordon").aside("a").failed("b", "verify").takenBack("b", "undo-cordon").restored("b"),
    'wait for a person: b failed at "verify" and was taken back to its old CNI, one more than --max-failures 1 allows…',
    ["a"],
  ],
];

decides({ "setting a node aside": settingAside, "with a node set aside": setAside });

test("a node that is set aside is not in hand, keeps no pause waiting, and says why it waits", () => {
  const story = dead().aside("a");
  expect(nodeInHand(story.state)).toBeNull();
  expect(safePoint(story.state)).toBeNull();
  expect(decide(story.state, viewOf(story, ["a"])).holds.a).toEqual({
    because: "a to come back: it is set aside, and taken back once it is Ready",
    clearedBy: "its kubelet",
    needsPerson: false,
  });
});
