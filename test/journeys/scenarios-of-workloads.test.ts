import { expect, test } from "vitest";
import { scenarios } from "../../src/lab/scenarios.ts";
import { play, played, storiesOfNodes, storiesOfWorkloads } from "../support/scenario-stories.ts";

test("every scenario has its story", () => {
  const told = [...storiesOfNodes, ...storiesOfWorkloads].map(({ name }) => name);
  expect(told.toSorted()).toEqual(scenarios.map(({ name }) => name).toSorted());
});

test.each(played(storiesOfWorkloads))("$name", play);
