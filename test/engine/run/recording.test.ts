import { expect, test } from "vitest";
import { fold } from "../../../src/engine/model/fold.ts";
import type { NodeRecord } from "../../../src/engine/model/ports/records.ts";
import { type MigrationState, nothingYet } from "../../../src/engine/model/state.ts";
import { nodeRecordOf, recall, recordOf } from "../../../src/engine/run/recording.ts";
import { type RunStory, run } from "../../support/panel/run-state.ts";

/** What another engine, elsewhere, knows after reading what this one wrote. */
function takenUp({ state }: RunStory): MigrationState {
  const nodeRecords = Object.fromEntries(
    Object.values(state.nodes)
      .filter(({ state: nodeState }) => nodeState.phase !== "queued")
      .map((node): [string, NodeRecord] => [
        node.name,
        JSON.parse(JSON.stringify(nodeRecordOf(node, state))) as NodeRecord,
      ]),
  );
  const record = JSON.parse(JSON.stringify(recordOf(state))) as ReturnType<typeof recordOf>;
  return recall(record, nodeRecords, 9_000).reduce(fold, nothingYet);
}

test.each<readonly [string, RunStory]>([
  ["before the first node", run("a", "b").consented("nodes").finished("prepare")],
  ["in the middle of a node", run("a", "b").ready().migrated("a").at("b", "recycle-pods")],
  ["with a failed node", run("a", "b").ready().failed("a", "verify")],
  ["with an excluded and a restored one", run("a", "b").ready().excluded("a").restored("b")],
  ["on the way back", run("a", "b").ready().migrated("a").turnedBack().rollingBack("a", "rollback-files")],
  [
    "while finalizing",
    run("a").ready().migrated("a").consented("finalize").finished("upgrade").begun("restart-agents"),
  ],
])("a run taken up elsewhere stands where it stood: %s", (_where, story) => {
  const { nodes, direction, consents, order } = takenUp(story);
  expect({ direction, consents, order }).toEqual({
    direction: story.state.direction,
    consents: story.state.consents,
    order: story.state.order,
  });
  expect(Object.values(nodes).map(({ state }) => state)).toEqual(
    Object.values(story.state.nodes).map(({ state }) => state),
  );
});

test("done steps stay done, begun ones are begun", () => {
  const story = run("a").ready().migrated("a").consented("finalize").begun("upgrade");
  const { steps } = takenUp(story);
  expect([steps.prepare?.state, steps.upgrade?.state]).toEqual(["done", "doing"]);
});

test("the point of no return is remembered by a step that only began", () => {
  expect(takenUp(run("a").ready().begun("remove-source")).steps["remove-source"]).toBeDefined();
});

test.each([
  ["a paused run is paused for whoever comes next", run("a").ready().paused(), "paused"],
  ["so is one that was about to pause", run("a").ready().pausing(), "paused"],
  ["a running one runs", run("a").ready(), "running"],
] as const)("%s", (_sentence, story, pace) => {
  expect(takenUp(story).pace).toBe(pace);
});
