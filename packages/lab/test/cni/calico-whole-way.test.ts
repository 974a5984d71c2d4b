import { afterAll, beforeAll, expect, test } from "vitest";
import { isReady, type NodeObject, type PodObject } from "../../cni/kinds.ts";
import {
  type CiliumLab,
  ciliumLab,
  hybridValues,
  label,
  takeOver,
  takeOverDefaults,
  untilWhole,
} from "../support/cilium-lab.ts";
import { broken, sandboxes } from "../support/pairs.ts";

let world: CiliumLab;
beforeAll(async () => {
  world = await ciliumLab({ source: "calico-manifest" });
});
afterAll(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
});

const settled = () =>
  world.lab.store.list<PodObject>("pods").every((pod) => isReady(pod) && !pod.metadata.deletionTimestamp);
const handles = () => world.lab.store.list("crd.projectcalico.org/ipamhandles").length;
const bornBy = (node: string, range: string) =>
  sandboxes(world).filter(({ spec, status }) => spec.nodeName === node && status?.podIP?.startsWith(range) === true);
const addresses = (node: string) => bornBy(node, "10.").length;

async function restart(node: string): Promise<void> {
  const rebooted = world.lab.reboot(node, { downMs: 8_000 });
  await world.clock.advance(9_000);
  await rebooted;
  await untilWhole(world);
  await world.until(`all pods Ready after ${node}`, settled);
}

async function pin(): Promise<void> {
  world.lab.store.change("apps/daemonsets", "kube-system", "calico-node", (copy) => {
    const { containers } = (copy as unknown as { spec: { template: PodObject } }).spec.template.spec;
    const [container] = containers as unknown as { env: object[] }[];
    container?.env.push({ name: "IP_AUTODETECTION_METHOD", value: "kubernetes-internal-ip" });
  });
  await world.clock.advance(60_000);
  await world.until("all pods Ready", settled);
}

test("one node is moved, with both files there for a while, and back", async () => {
  await pin();
  expect(await world.install(hybridValues)).toMatchObject({ exitCode: 0 });
  await untilWhole(world);
  await world.clock.advance(120_000);
  world.lab.store.create("cilium.io/ciliumnodeconfigs", takeOver("cilium-default", takeOverDefaults));
  const before = handles();
  label(world, "worker-1", "true");
  await world.restartAgent("worker-1");
  expect(world.confs("worker-1")).toEqual(["05-cilium.conflist", "10-calico.conflist.cilium_bak", "calico-kubeconfig"]);
  await restart("worker-1");
  expect(bornBy("worker-1", "10.245.")).toHaveLength(addresses("worker-1"));
  expect(broken(world)).toEqual([]);
  const { links, routes } = world.machine("worker-1");
  expect(links.has("vxlan.calico")).toBe(true);
  expect([...routes.values()].filter((via) => via.startsWith("blackhole"))).toHaveLength(1);
  expect(handles()).toBe(before);

  const { disk } = world.machine("worker-1");
  label(world, "worker-1", null);
  await world.restartAgent("worker-1");
  disk.delete("/etc/cni/net.d/05-cilium.conflist");
  await restart("worker-1");
  expect(bornBy("worker-1", "10.244.")).toHaveLength(addresses("worker-1"));
  expect(broken(world)).toEqual([]);
  expect(handles()).toBeGreaterThan(before);
  await world.clock.advance(17 * 60_000);
  expect(handles()).toBe(before);
});

test("all nodes are moved, and Calico is removed: no taint stays, and what it left is found on the nodes", async () => {
  const { store } = world.lab;
  for (const node of world.lab.machines.keys()) {
    label(world, node, "true");
    await world.restartAgent(node);
    await restart(node);
  }
  store.delete("apps/daemonsets", "kube-system", "calico-node");
  await world.clock.advance(10_000);
  const nodes = store.list<NodeObject>("nodes");
  expect(
    nodes.flatMap(({ spec }) => spec.taints ?? []).filter(({ key }) => key.includes("network-unavailable")),
  ).toEqual([]);
  for (const { status } of nodes)
    expect(status?.conditions?.find(({ type }) => type === "NetworkUnavailable")).toMatchObject({
      status: "False",
      reason: "CiliumIsUp",
    });
  store.delete("apps/deployments", "kube-system", "calico-kube-controllers");
  for (const { metadata } of store.list("apiextensions.k8s.io/customresourcedefinitions")) {
    if (metadata.name.endsWith("projectcalico.org"))
      store.delete("apiextensions.k8s.io/customresourcedefinitions", null, metadata.name);
  }
  await world.clock.advance(10_000);
  expect(broken(world)).toEqual([]);
  const { disk, links, ipsets, chains } = world.machine("worker-1");
  expect([...ipsets.keys()]).toContain("cali40all-ipam-pools");
  expect(links.has("vxlan.calico")).toBe(true);
  expect(
    chains.get("filter/FORWARD")?.filter((rule) => rule.includes("cali:") && !rule.includes("-j cali-")),
  ).toHaveLength(2);
  await restart("worker-1");
  expect([ipsets.size, links.has("vxlan.calico")]).toEqual([0, false]);
  expect(
    [...disk.keys()]
      .filter((path) => /calico|k8s-pod-network/.test(path))
      .map((path) => path.replace(/network-.*/, "network")),
  ).toEqual(
    expect.arrayContaining([
      "/opt/cni/bin/calico",
      "/opt/cni/bin/calico-ipam",
      "/etc/cni/net.d/calico-kubeconfig",
      "/etc/cni/net.d/10-calico.conflist.cilium_bak",
      "/var/lib/calico/nodename",
      "/var/lib/calico/shutdownTS",
      "/var/lib/cni/results/k8s-pod-network",
    ]),
  );
});
