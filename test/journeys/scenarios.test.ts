import { scenarios } from "crossfade-lab/scenarios.ts";
import { expect, test } from "vitest";
import {
  alwaysPlayed,
  play,
  storiesOfNodes,
  storiesOfPolicies,
  storiesOfWorkloads,
} from "../support/lab/scenario-stories.ts";

test("every scenario has its story", () => {
  const told = [...storiesOfNodes, ...storiesOfWorkloads, ...storiesOfPolicies].map(({ name }) => name);
  expect(told.toSorted()).toEqual(scenarios.map(({ name }) => name).toSorted());
});

test.each(alwaysPlayed)("$name", play);
