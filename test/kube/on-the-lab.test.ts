import { defaultLabOptions } from "crossfade-lab/lab-options.ts";
import { type LabThread, startLabThread } from "crossfade-lab/lab-thread.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LeftoverKinds } from "../../src/engine/model/cluster/leftovers.ts";
import type { Ports } from "../../src/engine/model/ports/ports.ts";
import { sourceDirectory } from "../../src/engine/sources/registry.ts";
import { connect, type KubeCluster } from "../../src/kube/connect.ts";
import { aChart } from "../support/a-chart.ts";

const image = "registry.k8s.io/e2e-test-images/agnhost:2.57";
const { signal } = new AbortController();
const target = {
  version: "1.18.12",
  namespace: "kube-system",
  release: "cilium",
  chart: { repository: "https://helm.cilium.io/", name: "cilium" },
  chartDigest: aChart.digest,
  podCidr: "10.245.0.0/16",
  maskSize: 24,
  tunnelProtocol: "vxlan",
  tunnelPort: 8473,
  operatorReplicas: 1,
} as const;
const secondary = {
  operator: { replicas: 1, unmanagedPodWatcher: { restart: false } },
  routingMode: "tunnel",
  tunnelProtocol: "vxlan",
  tunnelPort: 8473,
  cni: { customConf: true, uninstall: false },
  ipam: { mode: "cluster-pool", operator: { clusterPoolIPv4PodCIDRList: ["10.245.0.0/16"] } },
  policyEnforcementMode: "never",
};

let lab: LabThread;
let cluster: KubeCluster;
let ports: Omit<Ports, "clock" | "archive">;

beforeAll(async () => {
  lab = await startLabThread({ ...defaultLabOptions, speed: 30 });
  const env = { ...process.env, PATH: `${lab.address.binDir}:${process.env["PATH"] ?? ""}` };
  cluster = await connect({ kubeconfig: lab.address.kubeconfig, env, sources: sourceDirectory, signal });
  ports = cluster.ports();
});
afterAll(async () => {
  await cluster?.close();
  await lab?.stop();
});

/** Looks again at each change, as the engine does. */
async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 25_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await ports.changes.next(500, signal);
  }
}

test("one sweep tells all that preflight and planning need", async () => {
  const facts = await ports.inventory.read(signal);
  expect(facts.nodes.map(({ name }) => name).toSorted()).toEqual(["control-plane-1", "worker-1", "worker-2"]);
  expect(facts).toMatchObject({
    context: "crossfade-lab",
    serviceCidrs: ["10.96.0.0/12"],
    helmReleases: [],
    kubernetesVersion: "v1.33.4",
  });
  expect(facts.configMaps["kube-flannel/kube-flannel-cfg"]?.["net-conf.json"]).toContain("vxlan");
  expect(facts.permissions.length).toBeGreaterThan(20);
  expect(facts.permissions.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(facts.policies["networkpolicies.networking.k8s.io"]).toBe(0);
  expect(facts.helmVersion).toMatch(/^v[34]\./);
  expect(facts.pods.filter(({ mirror }) => mirror).length).toBeGreaterThanOrEqual(4);
});

test("nodes are cordoned, labelled and freed of taints, and each change is seen at once", async () => {
  await ports.nodes.cordon("worker-1");
  expect((await ports.nodes.get("worker-1"))?.cordoned).toBe(true);
  await ports.nodes.uncordon("worker-1");
  await ports.nodes.setLabel("worker-1", "example.com/a", "b");
  expect(await ports.nodes.get("worker-1")).toMatchObject({ cordoned: false, labels: { "example.com/a": "b" } });
  await ports.nodes.setLabel("worker-1", "example.com/a", null);
  expect((await ports.nodes.get("worker-1"))?.labels).not.toHaveProperty("example.com/a");
  await ports.nodes.removeTaint("control-plane-1", "node-role.kubernetes.io/control-plane");
  expect((await ports.nodes.get("control-plane-1"))?.taints).toEqual([]);
  expect(await ports.nodes.get("nobody")).toBeNull();
});

test("the lease is taken, seen, given back and taken again: all that follows is written under it", async () => {
  expect(await ports.lock.acquire("me@here/1")).toBe(true);
  expect(await ports.lock.state()).toMatchObject({ holder: "me@here/1", mine: true });
  expect(await cluster.ports().lock.acquire("other@there/2")).toBe(false);
  await ports.lock.release();
  expect(await ports.lock.state()).toBeNull();
  expect(await ports.lock.acquire("me@here/1")).toBe(true);
});

test("probes come up on every node and tell loss from answer", async () => {
  await ports.prober.install(image);
  await eventually(
    "three ready probes",
    async () => (await ports.prober.pods()).filter(({ ready }) => ready).length === 3,
  );
  const [from, to] = await ports.prober.pods();
  if (from === undefined || to === undefined || to.ip === null) throw new Error("no probes");
  const targets = [
    { kind: "pod", ip: to.ip },
    { kind: "pod", ip: "10.9.9.9" },
    { kind: "dns", name: "kubernetes.default.svc.cluster.local" },
    { kind: "dns", name: "nobody.default.svc.cluster.local" },
    { kind: "api-service" },
  ] as const;
  const answers = await ports.prober.probe(from, targets, signal);
  expect(answers.map(({ result }) => result)).toEqual(["good", "lost", "good", "lost", "good"]);
});

test("a probe that is gone has measured nothing, and the API server is not blamed", async () => {
  const [from] = await ports.prober.pods();
  if (from === undefined) throw new Error("no probes");
  const gone = { ...from, ref: { ...from.ref, name: "nobody" } };
  expect(await ports.prober.probe(gone, [{ kind: "api-service" }], signal)).toEqual([
    { result: "unknown", why: expect.stringMatching(/nobody/) },
  ]);
});

test("before Cilium is there, the CNI files are read through the probe", async () => {
  const files = await ports.hosts.cniFiles("worker-2");
  expect(files.map(({ name }) => name)).toEqual(["10-flannel.conflist"]);
  expect(JSON.parse(files[0]?.content ?? "")).toMatchObject({ name: "cbr0" });
  await expect(ports.hosts.removeCniFile("worker-2", "10-flannel.conflist")).rejects.toThrow(
    /no Cilium agent runs on worker-2/,
  );
});

test("helm installs Cilium beside the source, and its agents answer for themselves", async () => {
  expect(await ports.cilium.servedNodeConfigVersion()).toBeNull();
  expect(await ports.cilium.nodes()).toEqual([]);
  await ports.installer.apply(target, secondary, signal);
  expect(await ports.installer.release()).toMatchObject({
    chart: "cilium-1.18.12",
    version: "1.18.12",
    status: "deployed",
    revision: 1,
  });
  expect(await ports.installer.values()).toEqual(secondary);
  await eventually("ready agents", async () => (await ports.cilium.agents()).filter(({ ready }) => ready).length === 3);
  const crds = ["ciliumnodes.cilium.io", "ciliumnodeconfigs.cilium.io"];
  await eventually("the CRDs", async () => (await ports.cilium.crdsNotEstablished(crds)).length === 0);
  expect(await ports.cilium.crdsNotEstablished(["nobody.cilium.io"])).toEqual(["nobody.cilium.io"]);
  await eventually(
    "podCIDRs",
    async () => (await ports.cilium.nodes()).filter(({ podCidrs }) => podCidrs.length > 0).length === 3,
  );
  expect(await ports.cilium.agentStatus("worker-1")).toMatchObject({
    state: "Ok",
    cniFile: "Disabled",
    writesCniConf: false,
  });
  const [from] = await ports.prober.pods();
  const healthIp = (await ports.cilium.nodes()).find(({ name }) => name !== from?.node)?.healthIp ?? "";
  if (from === undefined) throw new Error("no probes");
  expect(await ports.prober.probe(from, [{ kind: "health", ip: healthIp }], signal)).toMatchObject([
    { result: "good" },
  ]);
});

test("a CiliumNodeConfig is written in the version that is served", async () => {
  const version = await ports.cilium.servedNodeConfigVersion();
  const config = {
    apiVersion: `cilium.io/${version}`,
    namespace: "kube-system",
    name: "cilium-default",
    matchLabels: { a: "b" },
    defaults: { "cni-exclusive": "true" },
  };
  await ports.cilium.applyNodeConfig(config);
  expect(await ports.cilium.nodeConfigs()).toEqual([config]);
  await ports.cilium.deleteNodeConfig("kube-system", "cilium-default");
  await ports.cilium.deleteNodeConfig("kube-system", "cilium-default");
  expect(await ports.cilium.nodeConfigs()).toEqual([]);
});

test("what the source left on a host is found, renamed and removed through the agent", async () => {
  const isFlannel = ({ namespace }: { readonly namespace: string }) => namespace === "kube-flannel";
  const daemonSet = { apiVersion: "apps/v1", kind: "DaemonSet", namespace: "kube-flannel", name: "kube-flannel-ds" };
  await ports.workloads.delete(daemonSet);
  await eventually(
    "flanneld to stop, which puts its rules back",
    async () => !(await ports.pods.list()).some(isFlannel),
  );
  const kinds: LeftoverKinds = {
    links: ["flannel.1", "cni0", "absent0"],
    routes: false,
    blackholeRoutes: false,
    chainPrefixes: ["FLANNEL-"],
    ruleComments: [],
    ipsetPrefixes: [],
    nftTables: [],
    confFiles: ["10-flannel.conflist", "10-flannel.conflist.cilium_bak"],
    folders: [],
    reservations: null,
    plugins: [],
    files: [],
    annotations: [],
    mounts: [],
  };
  const found = await ports.hosts.leftovers("worker-1", kinds);
  expect(found.links.toSorted()).toEqual(["cni0", "flannel.1"]);
  expect(found.chains).toContain("nat/FLANNEL-POSTRTG");
  await ports.hosts.renameCniFile("worker-1", "10-flannel.conflist", "10-flannel.conflist.cilium_bak");
  expect((await ports.hosts.cniFiles("worker-1")).map(({ name }) => name)).toEqual(["10-flannel.conflist.cilium_bak"]);
  await ports.hosts.clean("worker-1", { ...found, files: ["10-flannel.conflist.cilium_bak"] }, kinds);
  expect(await ports.hosts.leftovers("worker-1", kinds)).toMatchObject({ links: [], chains: [], files: [] });
  await ports.hosts.clean("worker-1", found, kinds);
});

test("a pod is evicted only under its own uid", async () => {
  const pod = (await ports.pods.list()).find(
    ({ owner, terminatingAt }) => owner?.kind === "ReplicaSet" && terminatingAt === null,
  );
  if (pod === undefined) throw new Error("no pod");
  expect(await ports.pods.evict({ ...pod, uid: "another" })).toEqual({ kind: "gone" });
  expect((await ports.pods.onFresh(pod.node ?? "")).find(({ uid }) => uid === pod.uid)?.terminatingAt).toBeNull();
  expect(await ports.pods.evict(pod)).toEqual({ kind: "accepted" });
  await eventually(
    "the pod to leave",
    async () => !(await ports.pods.on(pod.node ?? "")).some(({ uid }) => uid === pod.uid),
  );
  await ports.pods.delete(pod);
  expect(await ports.pods.evict(pod)).toEqual({ kind: "gone" });
});

test("the same token restarts a DaemonSet only once", async () => {
  const names = async () =>
    (await ports.pods.list()).filter(({ labels }) => labels["k8s-app"] === "kube-proxy").map(({ uid }) => uid);
  const before = await names();
  await ports.workloads.restart("DaemonSet", "kube-system", "kube-proxy", "run-1");
  const first = await cluster.client.get("/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy");
  await ports.workloads.restart("DaemonSet", "kube-system", "kube-proxy", "run-1");
  const second = await cluster.client.get("/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy");
  expect(second.metadata.generation).toBe(first.metadata.generation);
  await eventually("new pods", async () => {
    const now = await names();
    return now.length === before.length && !now.some((uid) => before.includes(uid));
  });
});

test("objects are found by kind through discovery, and deleted once", async () => {
  const config = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-flannel", name: "kube-flannel-cfg" };
  const unknown = { apiVersion: "nowhere.io/v1", kind: "Thing", namespace: null, name: "x" };
  expect(await ports.workloads.existing([config, unknown])).toEqual([config]);
  await ports.workloads.delete(config);
  await ports.workloads.delete(config);
  await ports.workloads.delete(unknown);
  expect(await ports.workloads.existing([config])).toEqual([]);
});

test("a node's record is kept on the node, and forgotten", async () => {
  const state = {
    version: 1,
    run: 0,
    state: { phase: "migrating", step: "drain", since: 1, stepSince: 2, before: null },
    timings: { precheck: 3 },
  } as const;
  await ports.records.writeNode("worker-1", state);
  expect(await ports.records.nodeRecords()).toEqual({ "worker-1": state });
  await ports.records.forgetNodes();
  expect(await ports.records.nodeRecords()).toEqual({});
});

test("a privileged pod reboots a node once, whatever it is asked", async () => {
  const node = await ports.nodes.get("worker-2");
  if (node === null) throw new Error("no node");
  await ports.rebooter.reboot(node, { method: "privileged-pod", image }, signal);
  await ports.rebooter.reboot(node, { method: "privileged-pod", image }, signal);
  await eventually(
    "a new boot",
    async () => ![node.bootId, ""].includes((await ports.nodes.get("worker-2"))?.bootId ?? ""),
  );
  const { bootId } = (await ports.nodes.get("worker-2")) ?? { bootId: "" };
  await ports.rebooter.tidy("worker-2");
  await eventually("the node's return", async () => (await ports.nodes.get("worker-2"))?.ready === true);
  expect((await ports.nodes.get("worker-2"))?.bootId).toBe(bootId);
});

test("helm takes Cilium away again, and the probe goes", async () => {
  await ports.installer.uninstall(signal);
  expect(await ports.installer.release()).toBeNull();
  await ports.installer.uninstall(signal);
  await ports.prober.remove();
  await eventually("the probes to go", async () => (await ports.prober.pods()).length === 0);
  expect(ports.changes.link().state).toBe("live");
});
