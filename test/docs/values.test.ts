import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { valuesPage } from "../../scripts/generate-values.ts";
import { valueRules } from "../../src/engine/values/rules.ts";
import { documentedDifference } from "../../src/engine/values/values.ts";

const page = readFileSync(new URL("../../docs/values.md", import.meta.url), "utf8");

test("docs/values.md is what the code says: node scripts/generate-values.ts writes it", () => {
  expect(page).toBe(valuesPage());
});

test("every value that changes at the end is shown with both values and a reason", () => {
  for (const path of documentedDifference) {
    const [, , initial, final, why = ""] =
      page
        .split("\n")
        .find((line) => line.startsWith(`| \`${path}\` |`))
        ?.split("|") ?? [];
    expect(initial).not.toBe(final);
    expect(why).toMatch(/At the end: \S/);
  }
});

test.each(valueRules)("$path is in the table of refusals with its reason", ({ path, because }) => {
  const rows = page.split("\n").filter((line) => line.startsWith(`| \`${path}\` |`));
  expect(rows.join("\n").toLowerCase()).toContain(because.toLowerCase());
});
