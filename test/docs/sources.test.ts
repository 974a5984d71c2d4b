import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourcesPage } from "../../scripts/generate-sources.ts";

const page = readFileSync(new URL("../../docs/sources.md", import.meta.url), "utf8");

test("docs/sources.md is what preflight answers: node scripts/generate-sources.ts writes it", () => {
  expect(page).toBe(sourcesPage());
});
