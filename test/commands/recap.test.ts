import { expect, test } from "vitest";
import { plainLines } from "../../src/commands/headless/plain-lines.ts";
import { nodeRecordOf, recall, recordOf } from "../../src/engine/run/recording.ts";
import { states } from "../support/panel/states.ts";

test("what was done before is told in a line a node, not a line a step", () => {
  const state = states["draining-held"]();
  const begun = Object.values(state.nodes).filter(({ state: nodeState }) => nodeState.phase !== "queued");
  const nodeRecords = Object.fromEntries(begun.map((node) => [node.name, nodeRecordOf(node, state)]));
  const lines = recall(recordOf(state), nodeRecords, 0).flatMap((event) => plainLines(event));
  expect(lines.filter((line) => line.includes("done in"))).toEqual([]);
  expect(lines.filter((line) => line.includes("as recorded")).map((line) => line.slice(10))).toEqual([
    expect.stringMatching(/^worker-1: migrated in .*, as recorded$/),
    "worker-2: migrating at drain, as recorded",
  ]);
});
