import { afterEach, expect, test } from "vitest";
import { ScenarioRun } from "../../../support/lab/scenario-run.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

test("an API server that goes away with the control plane's reboot is waited for, and the run goes on", async () => {
  story = await ScenarioRun.start("api-away-in-reboot");
  expect(await story.run.end()).toBe("migrated");
  const kinds = story.run.of("link-changed").map(({ link }) => link.state);
  expect(kinds).toContain("stale");
  story.expectMigrated();
});

test("commands that start late hold nothing up for good", async () => {
  story = await ScenarioRun.start("exec-slow");
  expect(await story.run.end()).toBe("migrated");
  story.expectMigrated();
});
