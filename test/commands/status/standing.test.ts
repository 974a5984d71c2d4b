import { expect, test } from "vitest";
import { whereItStands } from "../../../src/commands/status/standing.ts";
import { nodeRecordOf } from "../../../src/engine/run/recording.ts";
import { type RunStory, run } from "../../support/panel/run-state.ts";

const ready = () => run("a", "b").ready();

function stands({ state }: RunStory): string {
  const nodeRecords = Object.values(state.nodes).map((node) => [node.name, nodeRecordOf(node, state)] as const);
  return whereItStands({ record: null, lock: null, nodeRecords: Object.fromEntries(nodeRecords) });
}

test.each<readonly [string, RunStory, string]>([
  ["between two nodes", ready().migrated("a"), "no node is in the middle of a move"],
  ["in the middle of one", ready().at("a", "drain"), "a stands in the middle of its move, at drain"],
  [
    "on a way back",
    ready().rollingBack("b", "rollback-files"),
    "b stands in the middle of its move, at rollback-files",
  ],
  [
    "with one set aside",
    ready().rollingBack("a", "rollback-cordon").deferred("a"),
    "a is not Ready: its rollback is deferred until it is",
  ],
  [
    "with one set aside and another in hand",
    ready().rollingBack("a", "rollback-cordon").deferred("a").at("b", "drain"),
    "b stands in the middle of its move, at drain",
  ],
])("what an engine left behind is said in a clause: %s", (_where, story, clause) => {
  expect(stands(story)).toBe(clause);
});
