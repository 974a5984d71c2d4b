import { expect, test } from "vitest";
import { soak } from "../../../src/engine/steps/soak.ts";
import { lookedAt, nodeScope, type Situation } from "../../support/node-scope.ts";
import { told } from "../../support/said.ts";

const early: Situation = { stepSince: lookedAt - 4_000 };

test.each<[string, Situation, object]>([
  ["has been watched for long enough, and still reaches everybody", {}, { done: true }],
  [
    "is watched still: time alone ends it",
    early,
    { done: false, dueInMs: 6_000, reason: { code: "soak", clearedBy: "time" } },
  ],
  [
    "is not Ready any more, however long it was",
    { ...early, node: { ready: false } },
    { reason: { code: "node-unready" } },
  ],
  [
    "lost its traffic meanwhile",
    { answer: { result: "lost", error: "timed out" } },
    { done: false, because: expect.stringContaining("timed out") },
  ],
])("a node that %s", async (_what, given, expected) => {
  const { scope, did } = nodeScope(given);
  expect(told(await soak.observe(scope))).toMatchObject(expected);
  await soak.apply(scope);
  expect(did).toEqual([]);
});

test("its limit is the time that the plan says, and ten minutes for the traffic", () => {
  const { plan } = nodeScope({ options: { soakMs: 90_000 } }).scope;
  expect(typeof soak.timeoutMs === "function" && soak.timeoutMs(plan)).toBe(690_000);
});
