import { expect, test } from "vitest";
import type { Before } from "../../../src/engine/model/node-state.ts";
import type { Note } from "../../../src/engine/model/notes/note.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { schedulableAgain, uncordonOnce } from "../../../src/engine/observe/schedulable-again.ts";
import { aNode } from "../../support/facts.ts";
import { said } from "../../support/said.ts";

const before: Before = { at: 0, cordoned: false, bootId: "b", cniFiles: [], agentUid: "u" };

/** A node that stays cordoned whatever is asked of it, for so long since it was asked. */
function cordoned(seenMs: number) {
  const told: string[] = [];
  let asked = 0;
  let looks = 0;
  const nodes = {
    get: () => Promise.resolve(aNode("worker-1", { cordoned: true })),
    uncordon: () => {
      asked += 1;
      return Promise.resolve();
    },
  };
  const scope = {
    ports: { nodes, clock: { now: () => (looks++ === 0 ? 0 : seenMs) } },
    node: "worker-1",
    before,
    memory: new StepMemory(),
    log: (_level: string, { code }: Note) => told.push(code),
  } as unknown as NodeScope;
  return { scope, told, times: () => asked };
}

test("a cordon of ours is taken away once, and one that is there later is somebody else's and left", async () => {
  const { scope, told, times } = cordoned(5_000);
  expect(await schedulableAgain(scope)).toMatchObject({ done: false });
  await uncordonOnce(scope);
  await uncordonOnce(scope);
  expect(times()).toBe(1);
  expect(await schedulableAgain(scope)).toEqual({
    done: true,
    note: "cordoned by another user meanwhile, and left cordoned",
  });
  expect(told).toEqual(["cordoned-by-others"]);
});

test("what a cache shows at first is not believed", async () => {
  const { scope, told } = cordoned(1_000);
  await uncordonOnce(scope);
  expect(said(await schedulableAgain(scope))).toMatchObject({ because: "the node to be schedulable again" });
  expect(told).toEqual([]);
});
