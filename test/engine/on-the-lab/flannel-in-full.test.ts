import { afterEach, expect, test } from "vitest";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";

let world: World;
afterEach(() => world.close());

const folders = () => {
  const cluster = new ClusterView(world.lab);
  return Object.fromEntries(cluster.nodeNames.map((node) => [node, cluster.files(node)]));
};

/** What of Flannel the machines and Nodes have. */
function flannelLeft(): readonly string[] {
  const onMachines = [...world.lab.machines.values()].flatMap(({ disk, links, routes, chains }) => [
    ...[...disk.keys()].filter((path) => !path.startsWith("/sys/") && /flannel|cbr0/.test(path)),
    ...[...links.keys()].filter((link) => /^cni0|^flannel/.test(link)),
    ...[...routes.keys()].filter((to) => to.startsWith("10.244.")),
    ...[...chains.keys()].filter((chain) => chain.includes("FLANNEL")),
  ]);
  const noted = world.lab.store.list("nodes").flatMap(({ metadata }) => Object.keys(metadata.annotations ?? {}));
  return [...onMachines, ...noted.filter((key) => key.includes("flannel")), ...new ClusterView(world.lab).flannel];
}

const byArchitecture = {
  "control-plane-1": ["12-flannel.conflist"],
  "worker-1": ["10-flannel.conf"],
  "worker-2": ["12-flannel.conflist"],
};

test.each([
  { source: "flannel-by-arch", backend: "vxlan", subnets: 1 },
  { source: "flannel", backend: "vxlan-directrouting", subnets: 2 },
] as const)(
  "$source by $backend, machines in $subnets subnets: wholly on Cilium, and nothing of Flannel stays",
  async (setup) => {
    world = await World.make({ ...setup, seed: 63, speed: 40 });
    if (setup.source === "flannel-by-arch") expect(folders()).toEqual(byArchitecture);
    const run = world.start({ input: { reboot: { method: "none" } } });
    expect(await run.end(150_000)).toBe("migrated");
    expect(flannelLeft()).toEqual([]);
    expect(Object.values(folders())).toEqual([["05-cilium.conflist"], ["05-cilium.conflist"], ["05-cilium.conflist"]]);
    expect(new ClusterView(world.lab).podsAt("10.244.")).toEqual([]);
  },
);

test("a run from several DaemonSets is rolled back: every node has the file of its own name again, and old addresses", async () => {
  world = await World.make({ source: "flannel-by-arch", seed: 64, speed: 40 });
  const run = world.start();
  await run.until("two nodes", ({ nodes }) =>
    ["worker-1", "worker-2"].every((name) => nodes[name]?.state.phase === "migrated"),
  );
  await run.ask({ request: "rollback-all", by: "tester" });
  expect(await run.end(150_000)).toBe("rolled-back");
  expect(folders()).toEqual(byArchitecture);
  const cluster = new ClusterView(world.lab);
  expect(cluster.podsAt("10.245.")).toEqual([]);
  await world.until("every node to reach every other", () => cluster.broken.length === 0);
});
