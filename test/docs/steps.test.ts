import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { stepsPage, titleOf } from "../../scripts/generate-steps.ts";
import { rollbackSteps } from "../../src/engine/rollback-steps/rollback-steps.ts";
import {
  rollbackAfterNodes,
  rollbackBeforeNodes,
  stepsAfterNodes,
  stepsBeforeNodes,
} from "../../src/engine/run-steps/run-steps.ts";
import { steps } from "../../src/engine/steps/steps.ts";

const page = readFileSync(new URL("../../docs/steps.md", import.meta.url), "utf8");
const forward = [...stepsBeforeNodes, ...steps, ...stepsAfterNodes];
const back = [...rollbackSteps, ...rollbackBeforeNodes, ...rollbackAfterNodes];

test("docs/steps.md is what the lists of steps say: node scripts/generate-steps.ts writes it", () => {
  expect(page).toBe(stepsPage());
});

test.each([...forward, ...back])("$id has its row, with its title", (step) => {
  expect(page).toContain(`| \`${step.id}\` | ${titleOf(step)} |`);
});

test.each(forward)("$id says which note its author gave it, and its rollback leads to steps that are there", (step) => {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${step.id}\` |`)) ?? "";
  expect(row.split("|")[3]?.trim()).not.toBe("");
  const known: readonly string[] = back.map(({ id }) => id);
  const named = typeof step.rollback === "string" ? [] : step.rollback;
  expect(named.filter((id) => !known.includes(id))).toEqual([]);
});

test("limits that follow from the plan are told by their flags", () => {
  const limitOf = (id: string) =>
    page
      .split("\n")
      .find((line) => line.startsWith(`| \`${id}\` |`))
      ?.split("|")[4]
      ?.trim();
  expect(limitOf("drain")).toBe("`--drain-timeout`");
  expect(limitOf("soak")).toBe("`--soak` + 10 min");
  expect(limitOf("cordon")).toBe("1 min");
});
