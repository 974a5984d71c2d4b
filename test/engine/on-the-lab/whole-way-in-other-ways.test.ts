import { afterEach, expect, test } from "vitest";
import { expectMigrated } from "../../support/lab/expect-migrated.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";

let world: World;
afterEach(() => world.close());

const conf = "05-cilium.conflist";

/** Changes a Node as its owner would. */
function changeNode(name: string, change: (spec: { unschedulable?: boolean; providerID?: string }) => void): void {
  world.lab.store.change("nodes", null, name, (copy) => {
    const spec = { ...(copy["spec"] as object) };
    change(spec);
    copy["spec"] = spec;
  });
}

test("host-gw, Cilium 1.16, no reboot, and a node that its owner had cordoned", async () => {
  world = await World.make({ backend: "host-gw", seed: 11 });
  changeNode("control-plane-1", (spec) => {
    spec.unschedulable = true;
  });
  const nodes = [...world.lab.machines.values()];
  const boots = nodes.map(({ bootId }) => bootId);
  const run = world.start({ input: { ciliumVersion: "1.16.19", reboot: { method: "none" } } });
  expect(await run.end()).toBe("migrated");
  await expectMigrated(world, run, ["control-plane-1"]);
  expect(nodes.map(({ bootId }) => bootId)).toEqual(boots);
});

test("Cilium 1.20 with every node restarted as kind's containers are, the bootID staying", async () => {
  world = await World.make({ keepBootId: true, seed: 12 });
  for (const name of world.lab.machines.keys()) {
    changeNode(name, (spec) => {
      spec.providerID = `kind://docker/lab/${name}`;
    });
  }
  const run = world.start({ input: { ciliumVersion: "1.20.0", reboot: { method: "kind" } } });
  expect(await run.end()).toBe("migrated");
  await expectMigrated(world, run);
  expect(run.of("log").filter((line) => textOf(line).includes("asking for a reboot"))).toHaveLength(3);
});

test("nodes restarted by hand, told by their bootID or by key", async () => {
  world = await World.make({ seed: 14 });
  const run = world.start({ consents: ["nodes"], input: { reboot: { method: "manual" } } });
  const waits = (node: string) =>
    run.until(`${node} to wait for its reboot`, ({ nodes }) => {
      const hold = nodes[node]?.hold;
      return hold?.reason.code === "reboot-by-hand" && hold.reason.params.node === node;
    });
  await waits("worker-1");
  await world.lab.reboot("worker-1");
  await waits("worker-2");
  await run.ask({ request: "rebooted", node: "worker-2", by: "tester" });
  await waits("control-plane-1");
  await world.lab.reboot("control-plane-1");
  await run.until("every node to be moved", ({ asking }) => asking === "finalize");
  const cluster = new ClusterView(world.lab);
  expect(Object.values(cluster.confInCharge())).toEqual([conf, conf, conf]);
  expect(cluster.podsAt("10.244.")).toEqual([]);
});

test.each([
  ["wireguard", 31],
  ["ipip", 32],
] as const)("%s, whose device and port are cleaned away too", async (backend, seed) => {
  world = await World.make({ backend, seed });
  const run = world.start();
  expect(await run.end()).toBe("migrated");
  await expectMigrated(world, run);
  for (const { links, udpPorts } of world.lab.machines.values()) {
    expect([...links.keys()].filter((name) => name.startsWith("flannel"))).toEqual([]);
    expect([...udpPorts.values()]).toEqual(["cilium_vxlan"]);
  }
});
