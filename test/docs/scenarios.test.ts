import { readFileSync } from "node:fs";
import { scenarios } from "crossfade-lab/scenarios.ts";
import { expect, test } from "vitest";
import { scenariosPage } from "../../scripts/generate-scenarios.ts";

test("docs/scenarios.md is what the scenarios say: node scripts/generate-scenarios.ts writes it", () => {
  expect(readFileSync(new URL("../../docs/scenarios.md", import.meta.url), "utf8")).toBe(scenariosPage());
});

test("no two scenarios share a name", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});

test.each(scenarios)("$name says in sentences what is done about it and what is left to the operator", (scenario) => {
  expect(scenario.name).toMatch(/^[a-z]+(-[a-z]+)+$/);
  for (const text of [scenario.answer, scenario.options]) expect(text).toMatch(/^[A-Z].*\.$/);
  expect(scenario.summary).toMatch(/^\S.*[^.]$/);
});
