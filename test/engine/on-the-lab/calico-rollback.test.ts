import { afterEach, expect, test } from "vitest";
import { World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";

let world: World;
afterEach(() => world.close());

test.each([
  { source: "calico-manifest", detects: true, address: "projectcalico.org/IPv4Address" },
  { source: "calico-operator", detects: true, address: "projectcalico.org/IPv4Address" },
  // Flannel carries its packets: no address is detected, so none is pinned.
  { source: "canal", detects: false, address: "flannel.alpha.coreos.com/public-ip" },
])("$source: all of a run is rolled back, and a pinned detection is told", async ({ source, detects, address }) => {
  world = await World.make({ source, seed: 62, speed: 40 });
  const run = world.start();
  await run.until("the first node", ({ nodes }) =>
    Object.values(nodes).some((node) => node.state.phase === "migrated"),
  );
  await run.ask({ request: "rollback-all", by: "tester" });
  expect(await run.end(150_000)).toBe("rolled-back");
  const log = run.of("log").map(textOf);
  expect(log.some((text) => text.includes("keeps detecting addresses"))).toBe(detects);
  const addresses = world.lab.store
    .list("pods")
    .map((pod) => (pod["status"] as { podIP?: string } | undefined)?.podIP ?? "");
  expect(addresses.filter((ip) => ip.startsWith("10.245."))).toEqual([]);
  expect(addresses.filter((ip) => ip.startsWith("10.244.")).length).toBeGreaterThan(5);
  for (const [name, { ip }] of world.lab.machines) {
    const { annotations = {} } = world.lab.store.get("nodes", null, name)?.metadata ?? {};
    expect(annotations[address]?.split("/")[0]).toBe(ip);
  }
});
