import { expect, test } from "vitest";
import { heldAgainst } from "./hold-against.ts";
import { planted } from "./planted.ts";

/** `npm run truth` plays hundreds. */
const shortly = 12;

test(`nothing untrue is told of ${shortly} generated runs`, async () => {
  let states = 0;
  for (let seed = 1; seed <= shortly; seed++) {
    const result = await heldAgainst(seed);
    states += result.states;
    expect(result.untruths, `npm run truth -- --seed ${seed} --runs 1`).toEqual([]);
  }
  expect(states).toBeGreaterThan(1_000);
});

/** Runs in which something untrue was told once. */
test.each([
  [222, "a node that waited for a person is rolled back with the whole run"],
  [283, "a node was excluded, and the engine died before anything was recorded"],
])("nothing untrue is told of run %i: %s", async (seed) => {
  expect((await heldAgainst(seed)).untruths).toEqual([]);
});

test("the same seed plays the same run", async () => {
  expect(await heldAgainst(3)).toEqual(await heldAgainst(3));
});

/** Those that nearly every run meets; `npm run truth -- --planted` finds all of them. */
test.each(
  planted.filter(({ name }) => /between two steps|nodes only|six paths|consent is called|with the run/.test(name)),
)("a planted untruth is found: $name", async ({ speakers }) => {
  expect((await heldAgainst(1, speakers)).untruths).not.toEqual([]);
});
