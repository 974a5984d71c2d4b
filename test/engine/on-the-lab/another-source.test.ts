import { bridgeDriver } from "crossfade-lab/test/support/bridge/bridge.ts";
import { afterEach, expect, test } from "vitest";
import { sources } from "../../../src/engine/sources/registry.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { bridge } from "../../support/sources/bridge.ts";

let world: World;
afterEach(() => world.close());

const open = (seed: number) =>
  World.make({
    seed,
    cnis: [bridgeDriver],
    source: bridgeDriver.name,
    backend: bridgeDriver.backends[0],
    sources: [...sources, bridge],
  });

/** What of the source a machine has. */
function leftOn(name: string): readonly string[] {
  const machine = world.lab.machines.get(name);
  if (!machine) throw new Error(`no machine ${name}`);
  return [
    ...[...machine.disk.keys()].filter((path) => /10-bridge|networks\/pods/.test(path)),
    ...[...machine.routes.keys()].filter((to) => to.startsWith("10.244.")),
    ...[...machine.links.keys()].filter((link) => link === "br-pods"),
    ...[...machine.chains].flatMap(([chain, rules]) => (`${chain} ${rules.join()}`.includes("BRIDGE-") ? [chain] : [])),
  ];
}

test("a source that only its folder and the registry know: a node is rolled back and moved again, and the cluster ends wholly on Cilium", async () => {
  world = await open(51);
  const cluster = new ClusterView(world.lab);
  expect(leftOn("worker-1").join(" ")).toMatch(/10-bridge.*10\.244.*br-pods.*BRIDGE/);

  const first = world.start({
    consents: ["nodes"],
    onEvent: (event, { engine }) => {
      if (event.type === "node-step-started" && event.step === "reboot") engine.stop();
    },
  });
  expect(await first.end()).toBe("interrupted");
  const [half = ""] = first.state.order;
  const back = world.start({ attended: false, consents: [], rollback: { node: half } });
  expect(await back.end()).toBe("rolled-back");
  expect(cluster.activeFiles(half)).toEqual(["10-bridge.conflist"]);
  expect(cluster.podsAt("10.245.", half)).toEqual([]);
  await world.until("every node to reach every other", () => cluster.broken.length === 0);
  expect(await world.start({ attended: false, consents: [], rollback: "all" }).end()).toBe("rolled-back");

  const run = world.start();
  expect(await run.end()).toBe("migrated");
  expect(cluster.podsAt("10.244.")).toEqual([]);
  expect(Object.values(cluster.confInCharge())).toEqual(cluster.nodeNames.map(() => "05-cilium.conflist"));
  expect(Object.fromEntries(cluster.nodeNames.map((name) => [name, leftOn(name)]))).toEqual(
    Object.fromEntries(cluster.nodeNames.map((name) => [name, []])),
  );
  for (const kind of ["apps/daemonsets", "serviceaccounts", "configmaps"])
    expect(world.lab.store.get(kind, "kube-system", "bridge-cni")).toBeUndefined();
  const { plan } = run.state;
  expect(plan?.source).toMatchObject({ id: "bridge", name: "Bridge", encapsulations: [] });
  expect(JSON.stringify(plan)).not.toMatch(/flannel/i);
  const said = run.events.map((event) => JSON.stringify(event)).join("\n");
  expect(said).not.toMatch(/flannel/i);
});
