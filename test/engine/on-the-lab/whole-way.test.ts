import { afterEach, expect, test } from "vitest";
import { expectMigrated } from "../../support/lab/expect-migrated.ts";
import { World } from "../../support/lab/lab-run.ts";

let world: World;
afterEach(() => world.close());

test("three nodes over vxlan end wholly on Cilium", async () => {
  world = await World.make({ seed: 10 });
  const boots = world.lab.machines.get("worker-1")?.bootId;
  const run = world.start();
  expect(await run.end()).toBe("migrated");
  await expectMigrated(world, run);
  expect(world.lab.machines.get("worker-1")?.bootId).not.toBe(boots);
  expect(run.events[0]?.type).toBe("run-announced");
  const notes = run.events.flatMap((event) => (event.type === "log" ? [event.note] : []));
  expect(notes.filter(({ code }) => code === "pod-mtu")).toEqual([
    { code: "pod-mtu", params: { mtu: 1_450, source: "Flannel" } },
  ]);
  expect(run.events.at(-1)).toMatchObject({ type: "run-finished", outcome: "migrated" });
});
