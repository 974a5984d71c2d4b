import { afterEach, expect, test } from "vitest";
import { ScenarioRun } from "../../../support/lab/scenario-run.ts";
import { textOf } from "../../../support/log-line.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

const logs = () => story.run.of("log").map(textOf);

test("a node that vanishes once it was handed over is let go, and the others are moved", async () => {
  story = await ScenarioRun.start("node-vanishes", { setup: { nodes: 4 } });
  expect(await story.run.end()).toBe("migrated");
  expect(logs()).toContain("worker-1 left the cluster and is let go");
  expect(story.cluster.nodeNames).not.toContain("worker-1");
  story.expectMigrated();
});

test("a node that joins in mid-run is taken in and moved before Cilium takes over", async () => {
  story = await ScenarioRun.start("node-joins");
  expect(await story.run.end()).toBe("migrated");
  expect(logs()).toContain("worker-3 joined the cluster and is taken in");
  expect(story.run.of("node-migrated").map(({ node }) => node)).toContain("worker-3");
  story.expectMigrated();
});

test("a node that joins after the CiliumNodeConfig is gone is moved too, and nothing of ours is left of that", async () => {
  story = await ScenarioRun.start("node-joins-late");
  expect(await story.run.end()).toBe("migrated");
  const kinds = story.run.events.flatMap((event) =>
    event.type === "node-migrated" || event.type === "run-step-started"
      ? [`${event.type} ${"node" in event ? event.node : event.step}`]
      : [],
  );
  expect(kinds.indexOf("node-migrated worker-3")).toBeGreaterThan(kinds.indexOf("run-step-started remove-node-config"));
  expect(kinds.indexOf("node-migrated worker-3")).toBeLessThan(kinds.indexOf("run-step-started remove-source"));
  expect(story.cluster.nodeConfigs).toEqual([]);
  story.expectMigrated();
});
