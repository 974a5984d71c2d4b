import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decisionPage } from "../../scripts/generate-decision.ts";

const page = readFileSync(new URL("../../docs/decision.md", import.meta.url), "utf8");

test("docs/decision.md is what the rules say: node scripts/generate-decision.ts writes it", () => {
  expect(page).toBe(decisionPage());
});
