import { expect, test } from "vitest";
import { nodeSteps, rollbackNodeSteps } from "../../../src/engine/model/node-state.ts";
import { rollbackRunSteps, runSteps } from "../../../src/engine/model/plan-types.ts";
import { rollbackSteps } from "../../../src/engine/rollback-steps/rollback-steps.ts";
import {
  rollbackAfterNodes,
  rollbackBeforeNodes,
  stepsAfterNodes,
  stepsBeforeNodes,
} from "../../../src/engine/run-steps/run-steps.ts";
import { steps } from "../../../src/engine/steps/steps.ts";

const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

test.each<readonly [string, readonly string[], readonly string[]]>([
  ["a node's migration", ids(steps), nodeSteps],
  ["a node's rollback", ids(rollbackSteps), rollbackNodeSteps],
  ["the run", [...ids(stepsBeforeNodes), "nodes", ...ids(stepsAfterNodes)], runSteps],
  ["the run's rollback", [...ids(rollbackBeforeNodes), "rollback-nodes", ...ids(rollbackAfterNodes)], rollbackRunSteps],
])("the steps of %s are those of the model, in its order", (_what, carriedOut, listed) => {
  expect(carriedOut).toEqual(listed);
});
