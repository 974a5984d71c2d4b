import { afterEach, expect, test } from "vitest";
import { ScenarioRun } from "../../../support/lab/scenario-run.ts";
import { saidOf } from "../../../support/said.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

test("workloads under NetworkPolicies are moved like any other", async () => {
  story = await ScenarioRun.start("network-policies");
  expect(await story.run.end(60_000)).toBe("migrated");
  story.expectMigrated();
});

test("a tunnel that a host policy drops fails the node before it is uncordoned, and it goes on once that is gone", async () => {
  story = await ScenarioRun.start("tunnel-dropped", { consents: ["nodes"], input: { retries: 0 } });
  const { failure } = await story.fails("worker-1");
  expect(saidOf(failure).message).toMatch(/"verify" on worker-1 still waits for traffic to pass: \S+ → worker-1/);
  expect(story.cluster.cordoned).toEqual(["worker-1"]);
  story.world.lab.machines.get("worker-1")?.drops.clear();
  await story.ask("retry", "worker-1");
  await story.becomes("worker-1", "migrated");
});

test("settings of the old CNI that it does not need may be undone", async () => {
  story = await ScenarioRun.start("source-settings-undone");
  expect(await story.run.end(60_000)).toBe("migrated");
  story.expectMigrated();
});
