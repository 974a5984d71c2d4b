import { afterEach, expect, test } from "vitest";
import { World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";

let world: World;
afterEach(() => world.close());

test("all of a run is rolled back: pods are on Calico again, and the pinned detection is told", async () => {
  world = await World.make({ source: "calico-manifest", seed: 62, speed: 40 });
  const run = world.start();
  await run.until("the first node", ({ nodes }) =>
    Object.values(nodes).some((node) => node.state.phase === "migrated"),
  );
  await run.ask({ request: "rollback-all", by: "tester" });
  expect(await run.end(150_000)).toBe("rolled-back");
  const log = run.of("log").map(textOf);
  expect(log.find((text) => text.includes("keeps detecting addresses"))).toBeDefined();
  const addresses = world.lab.store
    .list("pods")
    .map((pod) => (pod["status"] as { podIP?: string } | undefined)?.podIP ?? "");
  expect(addresses.filter((ip) => ip.startsWith("10.245."))).toEqual([]);
  expect(addresses.filter((ip) => ip.startsWith("10.244.")).length).toBeGreaterThan(5);
  for (const [name, { ip }] of world.lab.machines) {
    const { annotations = {} } = world.lab.store.get("nodes", null, name)?.metadata ?? {};
    expect(annotations["projectcalico.org/IPv4Address"]).toMatch(new RegExp(`^${ip}/`));
  }
});
