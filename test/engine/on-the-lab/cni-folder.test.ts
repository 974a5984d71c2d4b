import { afterEach, expect, test } from "vitest";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";

let world: World;
afterEach(() => world.close());

const folder = "/etc/cni/net.d/";

/** Name → content of all that is in the CNI folder of a node. */
const snapshot = (node: string) =>
  Object.fromEntries([...(world.lab.machines.get(node)?.disk ?? [])].filter(([path]) => path.startsWith(folder)));

test("other people's CNI files, and a source's of another name, come back byte for byte from a rollback after finalization", async () => {
  world = await World.make({ seed: 41 });
  const cluster = new ClusterView(world.lab);
  world.lab.store.change("apps/daemonsets", "kube-flannel", "kube-flannel-ds", (copy) => {
    const spec = JSON.stringify(copy["spec"]).replaceAll("10-flannel.conflist", "00-flannel.conflist");
    copy["spec"] = JSON.parse(spec) as object;
  });
  const status = () =>
    world.lab.store.get("apps/daemonsets", "kube-flannel", "kube-flannel-ds")?.status as Record<string, number>;
  await world.until(
    "Flannel to be rolled out",
    () => status()["updatedNumberScheduled"] === 3 && status()["numberReady"] === 3,
  );
  for (const { disk } of world.lab.machines.values()) {
    disk.set(`${folder}00-flannel.conflist`, disk.get(`${folder}10-flannel.conflist`) ?? "");
    disk.set(`${folder}87-podman-bridge.conflist`, '{"name":"podman"}');
    disk.set(`${folder}99-loopback.conf`, '{"type":"loopback"}');
  }
  const before = Object.fromEntries(cluster.nodeNames.map((node) => [node, snapshot(node)]));
  expect(Object.keys(before["worker-1"] ?? {})).toHaveLength(4);
  const run = world.start({ consents: ["nodes", "finalize"] });
  await run.until("the last consent to be asked for", ({ asking }) => asking === "remove-source");
  expect(run.of("log").map(textOf)).toContain(
    "Cilium will rename on worker-1, each put back by a rollback: 00-flannel.conflist, 10-flannel.conflist, 87-podman-bridge.conflist, 99-loopback.conf",
  );
  expect(run.state.plan?.changes.find(({ name }) => name.startsWith("/etc/cni/net.d"))?.what).toContain(
    "00-flannel.conflist and every other",
  );
  expect(run.of("log").map(textOf)).toContainEqual(
    expect.stringMatching(
      /^Cilium will rename in \/etc\/cni\/net\.d of (\S+, ){3}once they are moved: 00-flannel\.conflist, 10-flannel\.conflist, 87-podman-bridge\.conflist, 99-loopback\.conf$/,
    ),
  );
  await run.ask({ request: "rollback-all", by: "tester" });
  expect(await run.end()).toBe("rolled-back");
  expect(Object.fromEntries(cluster.nodeNames.map((node) => [node, snapshot(node)]))).toEqual(before);
});
