import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BlockAffinity } from "../../cni/calico/kinds.ts";
import { isReady, type NodeObject, type PodObject } from "../../cni/kinds.ts";
import { inCidr } from "../../network/cidr.ts";
import { type CiliumLab, ciliumLab, hybridValues, serverPod, untilWhole } from "../support/cilium-lab.ts";
import { broken, sandboxes } from "../support/pairs.ts";

const node = (world: CiliumLab, name: string) => world.lab.store.get<NodeObject>("nodes", null, name);
const addresses = (world: CiliumLab) =>
  [...world.lab.machines.keys()].map(
    (name) => node(world, name)?.metadata.annotations?.["projectcalico.org/IPv4Address"],
  );
const networkCondition = (world: CiliumLab, name: string) =>
  node(world, name)?.status?.conditions?.find(({ type }) => type === "NetworkUnavailable");
const settled = (world: CiliumLab) => () =>
  world.lab.store.list<PodObject>("pods").every((pod) => isReady(pod) && !pod.metadata.deletionTimestamp);

function pinAddresses(world: CiliumLab, method: string): void {
  world.lab.store.change("apps/daemonsets", "kube-system", "calico-node", (copy) => {
    const { containers } = (copy as unknown as { spec: { template: PodObject } }).spec.template.spec;
    const env = (containers[0]?.env ?? []).filter(({ name }) => name !== "IP_AUTODETECTION_METHOD");
    (containers[0] as { env: unknown }).env = [...env, { name: "IP_AUTODETECTION_METHOD", value: method }];
  });
}

describe.each(["vxlan", "vxlan-crosssubnet", "ipip"])("by manifest, %s", (backend) => {
  let world: CiliumLab;
  beforeAll(async () => {
    world = await ciliumLab({ source: "calico-manifest", backend });
  });
  afterAll(async () => {
    await world?.stop();
    expect(world?.faults).toEqual([]);
  });

  test("pods have addresses of the node's blocks and none of its podCIDR, and reach each other and outside", () => {
    const blocks = world.lab.store.list<BlockAffinity>("crd.projectcalico.org/blockaffinities");
    expect(blocks.map(({ spec }) => spec.node).toSorted()).toEqual([...world.lab.machines.keys()].toSorted());
    for (const { spec, status } of sandboxes(world)) {
      const own = blocks.find((block) => block.spec.node === spec.nodeName)?.spec.cidr ?? "";
      expect(inCidr(status?.podIP ?? "", own)).toBe(true);
      expect(inCidr(status?.podIP ?? "", node(world, spec.nodeName ?? "")?.spec.podCIDR ?? "")).toBe(false);
    }
    expect(broken(world)).toEqual([]);
    const [pod] = sandboxes(world);
    if (!pod) throw new Error("no pod");
    const out = world.lab.network.fromPod(pod, { ip: "93.184.216.34", port: 443, protocol: "tcp" });
    expect(out).toMatchObject({ ok: true, source: world.machine(pod.spec.nodeName ?? "").ip });
  });

  test("each node says what Calico says of it", () => {
    for (const name of world.lab.machines.keys()) {
      const machine = world.machine(name);
      const annotations = node(world, name)?.metadata.annotations ?? {};
      expect(annotations["projectcalico.org/IPv4Address"]).toBe(`${machine.ip}/16`);
      expect(networkCondition(world, name)).toMatchObject({ status: "False", reason: "CalicoIsUp" });
      expect(world.confs(name)).toEqual(["10-calico.conflist", "calico-kubeconfig"]);
      const routes = [...machine.routes].filter(([cidr]) => cidr.endsWith("/26")).map(([, via]) => via);
      const proto = backend === "ipip" ? "bird" : "80";
      expect(routes.filter((via) => via === `blackhole proto ${proto}`)).toHaveLength(1);
      const ways = {
        vxlan: /^via 10\.244\.\d+\.\d+ dev vxlan\.calico onlink$/,
        "vxlan-crosssubnet": /^via 172\.18\.0\.\d dev eth0 proto 80 onlink$/,
        ipip: /^via 172\.18\.0\.\d dev tunl0 proto bird onlink$/,
      };
      expect(routes.filter((via) => ways[backend as keyof typeof ways].test(via))).toHaveLength(2);
      expect(machine.udpPorts.get(4789)).toBe(backend === "ipip" ? undefined : "vxlan.calico");
    }
  });

  test("Cilium's interface becomes the node's address within two minutes, and nothing passes between nodes", async () => {
    expect(await world.install(hybridValues)).toMatchObject({ exitCode: 0 });
    await untilWhole(world);
    await world.clock.advance(120_000);
    for (const address of addresses(world)) expect(address).toMatch(/^10\.245\..*\/32$/);
    const lost = broken(world);
    expect(lost.length).toBeGreaterThan(0);
    const link = world.machine("worker-1").links.get(backend === "ipip" ? "tunl0" : "vxlan.calico");
    expect(link).toMatchObject({ over: "cilium_host", mtu: backend === "ipip" ? 1430 : 1400 });
    expect(lost.every((each) => each.includes("sends by cilium_host"))).toBe(true);
  });

  test("a method that holds heals it, in a rolling restart", async () => {
    const before = world.lab.store.list<PodObject>("pods", "kube-system").filter(isCalicoNode);
    pinAddresses(world, "kubernetes-internal-ip");
    await world.until("all pods to be new and ready", () => {
      const now = world.lab.store.list<PodObject>("pods", "kube-system").filter(isCalicoNode);
      const old = before.map(({ metadata }) => metadata.uid);
      return now.length === 3 && now.every((pod) => isReady(pod) && !old.includes(pod.metadata.uid));
    });
    await world.clock.advance(130_000);
    expect(addresses(world)).toEqual([...world.lab.machines.values()].map(({ ip }) => `${ip}/16`));
    expect(broken(world)).toEqual([]);
  });
});

const isCalicoNode = ({ metadata }: PodObject) => metadata.labels?.["k8s-app"] === "calico-node";

describe("what it leaves behind, and what others do to it", () => {
  let world: CiliumLab;
  beforeAll(async () => {
    world = await ciliumLab({ source: "calico-manifest" });
  });
  afterAll(async () => {
    await world?.stop();
    expect(world?.faults).toEqual([]);
  });
  const daemonSet = () => world.lab.store.get("apps/daemonsets", "kube-system", "calico-node");
  const taints = () =>
    world.lab.store.list<NodeObject>("nodes").flatMap(({ spec }) => (spec.taints ?? []).map(({ key }) => key));
  const unavailable = "node.kubernetes.io/network-unavailable";

  test("its end leaves every node tainted, its links and chains there, and new pods unreachable", async () => {
    const old = await serverPod(world, "worker-1", "old");
    const kept = structuredClone(daemonSet());
    world.lab.store.delete("apps/daemonsets", "kube-system", "calico-node");
    await world.clock.advance(20_000);
    expect(taints().filter((key) => key === unavailable)).toHaveLength(3);
    expect(networkCondition(world, "worker-1")).toMatchObject({ status: "True", reason: "CalicoIsDown" });
    expect(world.machine("worker-1").links.has("vxlan.calico")).toBe(true);
    expect(world.machine("worker-1").disk.has("/var/lib/calico/shutdownTS")).toBe(true);
    const fresh = await serverPod(world, "worker-1", "fresh");
    const asked = (pod: PodObject) =>
      world.lab.network.fromNode("worker-2", { ip: pod.status?.podIP ?? "", port: 8080, protocol: "tcp" });
    expect(asked(old)).toMatchObject({ ok: true });
    expect(asked(fresh)).toMatchObject({ ok: false, reason: expect.stringContaining("unknown interface") });

    if (!kept) throw new Error("no DaemonSet");
    world.lab.store.create("apps/daemonsets", {
      ...kept,
      metadata: { name: kept.metadata.name, namespace: "kube-system", labels: kept.metadata.labels ?? {} },
    });
    await world.until("no taint", () => !taints().includes(unavailable));
    expect(asked(fresh)).toMatchObject({ ok: true });
  });

  test("an address whose DEL went to another plugin leaks, and is freed when it did so for long enough", async () => {
    const pod = await serverPod(world, "worker-2", "leaky");
    const handles = () =>
      world.lab.store.list("crd.projectcalico.org/ipamhandles").map(({ metadata }) => metadata.name);
    const { annotations = {} } = world.lab.store.get("pods", "default", "leaky")?.metadata ?? {};
    const handle = `k8s-pod-network.${annotations["cni.projectcalico.org/containerID"]}`;
    expect(handles()).toContain(handle);
    world.machine("worker-2").disk.set("/etc/cni/net.d/05-other.conflist", '{"plugins":[{"type":"other"}]}');
    world.lab.store.delete("pods", "default", "leaky");
    await world.until("the pod to be gone", () => !world.lab.store.get("pods", "default", "leaky"));
    world.machine("worker-2").disk.delete("/etc/cni/net.d/05-other.conflist");
    expect([...world.machine("worker-2").routes.keys()]).not.toContain(`${pod.status?.podIP}/32`);
    await world.clock.advance(14 * 60_000);
    expect(handles()).toContain(handle);
    await world.clock.advance(2 * 60_000);
    expect(handles()).not.toContain(handle);
  });

  test("a reboot takes what is in the kernel, and install-cni writes its files again", async () => {
    const machine = world.machine("worker-2");
    machine.disk.set(
      "/etc/cni/net.d/10-calico.conflist.cilium_bak",
      machine.disk.get("/etc/cni/net.d/10-calico.conflist") ?? "",
    );
    machine.disk.delete("/etc/cni/net.d/10-calico.conflist");
    const rebooted = world.lab.reboot("worker-2", { downMs: 5_000 });
    await world.clock.advance(6_000);
    expect([machine.ipsets.size, machine.links.has("vxlan.calico")]).toEqual([0, false]);
    await rebooted;
    await world.until("all pods ready", settled(world));
    expect(world.confs("worker-2")).toEqual([
      "10-calico.conflist",
      "10-calico.conflist.cilium_bak",
      "calico-kubeconfig",
    ]);
    expect(broken(world)).toEqual([]);
  });

  test("without its CRDs no pod gets a network, and those that run keep theirs", async () => {
    for (const { metadata } of world.lab.store.list("apiextensions.k8s.io/customresourcedefinitions")) {
      if (metadata.name.endsWith(".crd.projectcalico.org"))
        world.lab.store.delete("apiextensions.k8s.io/customresourcedefinitions", null, metadata.name);
    }
    await world.clock.advance(10_000);
    expect(broken(world)).toEqual([]);
    await expect(serverPod(world, "worker-1", "late")).rejects.toThrow("not within two minutes");
    const events = world.lab.store.list("events").map(({ message }) => String(message));
    expect(events.some((each) => each.includes("error getting ClusterInformation: resource does not exist"))).toBe(
      true,
    );
  });
});
