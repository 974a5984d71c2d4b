import { expect, test } from "vitest";
import { CommandError } from "../../../src/commands/command-error.ts";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { chartResult, type FoundChart, findChart } from "../../../src/engine/plan/chart.ts";
import { aChart } from "../../support/a-chart.ts";
import { aFailure, saidOf } from "../../support/said.ts";
import { saidCheck } from "../../support/said-check.ts";
import { aTarget } from "../values/chart-facts.ts";

const problem = { path: "kubeProxyReplacement", message: "it wants a boolean" };

test.each<
  readonly [
    string,
    { readonly found: FoundChart; readonly problems?: readonly (typeof problem)[] },
    readonly [string, string],
  ]
>([
  ["as planned", { found: aChart }, ["ok", `sha256:${aChart.digest}`]],
  ["without a schema", { found: { ...aChart, schema: null } }, ["warning", "no values.schema.json"]],
  [
    "of another version",
    { found: { ...aChart, version: "1.17.3" } },
    ["blocker", "is cilium 1.17.3, and the plan needs 1.18.12"],
  ],
  ["of something else", { found: { ...aChart, name: "calico" } }, ["blocker", "is the chart calico"]],
  [
    "out of reach",
    { found: aFailure("UNREACHABLE", "no route", "fix it") },
    ["blocker", "could not be read: no route"],
  ],
  [
    "that takes our values no more",
    { found: aChart, problems: [problem] },
    ["blocker", "kubeProxyReplacement: it wants a boolean"],
  ],
])("a chart %s", (_what, { found, problems = [] }, [level, words]) => {
  const result = saidCheck(chartResult(found, aTarget, problems));
  expect(result).toMatchObject({ check: "chart", level, message: expect.stringContaining(words) });
  expect(result.remedy === "").toBe(level === "ok");
});

test("what keeps a chart away is told, and a bug is not", async () => {
  const { signal } = new AbortController();
  const reading = (thrown: Error) => findChart({ read: () => Promise.reject(thrown) }, aTarget, signal);
  expect(saidOf(await reading(new Unavailable("registry away")))).toMatchObject({ message: "registry away" });
  const missing = new CommandError("NO_HELM", "no helm", "install it");
  expect(saidOf(await reading(missing))).toMatchObject({ message: "no helm", remedy: "install it" });
  await expect(reading(new Error("a bug"))).rejects.toThrow("a bug");
});
