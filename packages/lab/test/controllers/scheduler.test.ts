import { expect, test } from "vitest";
import type { Node, Pod, PodSpec, Taint } from "../../controllers/kinds.ts";
import { feasibleEnough } from "../../controllers/nodes/find-node.ts";
import { pod, type TestCluster, testCluster, workload } from "./test-cluster.ts";

function nodeOf(cluster: TestCluster, name: string): string | undefined {
  return cluster.store.get<Pod>("pods", "default", name)?.spec.nodeName;
}

function scheduled(cluster: TestCluster, name: string) {
  const conditions = cluster.store.get<Pod>("pods", "default", name)?.status?.conditions;
  return conditions?.find(({ type }) => type === "PodScheduled");
}

function cordon(cluster: TestCluster, name: string, unschedulable: boolean): void {
  cluster.store.change<Node>("nodes", null, name, (node) => {
    node.spec = { ...node.spec, unschedulable };
  });
}

const requests = (cpu: string, memory = "1Mi") => ({
  containers: [{ name: "main", image: "nginx", resources: { requests: { cpu, memory } } }],
});
const tainted = (key: string, effect: Taint["effect"]) => ({ spec: { taints: [{ key, effect }] } });

test("a workload spreads over the nodes", async () => {
  using cluster = testCluster({ nodes: ["a", "b", "c"] });
  cluster.store.create("apps/replicasets", workload("ReplicaSet", "web", { replicas: 6 }));
  await cluster.until(() => cluster.pods().filter(({ spec }) => spec.nodeName).length === 6);
  const perNode = ["a", "b", "c"].map((name) => cluster.store.podsOn(name).length);
  expect(perNode).toEqual([2, 2, 2]);
});

test("a pod that comes with its node is left to the kubelet, cordoned or not", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  cordon(cluster, "a", true);
  cluster.store.create("pods", pod("pinned", { nodeName: "a" }));
  await cluster.clock.advance(1_000);
  expect(cluster.store.get<Pod>("pods", "default", "pinned")?.status?.phase).toBe("Running");
});

const refusals: [string, Partial<PodSpec>, string][] = [
  [
    "a selector that no node meets",
    { nodeSelector: { disk: "ssd" } },
    "1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {gpu: }, 1 node(s) were unschedulable",
  ],
  [
    "too much cpu",
    requests("64"),
    "1 Insufficient cpu, 1 node(s) had untolerated taint {gpu: }, 1 node(s) were unschedulable",
  ],
  [
    "too much of both",
    requests("64", "1Ti"),
    "1 Insufficient cpu, 1 Insufficient memory, 1 node(s) had untolerated taint {gpu: }, 1 node(s) were unschedulable",
  ],
  [
    "a host port that is taken",
    { containers: [{ name: "m", image: "i", ports: [{ containerPort: 80, hostPort: 80 }] }] },
    "1 node(s) didn't have free ports for the requested pod ports, 1 node(s) had untolerated taint {gpu: }, 1 node(s) were unschedulable",
  ],
];

test.each(refusals)("says why with %s", async (_, spec, expected) => {
  using cluster = testCluster({ nodes: ["free", "cordoned"] });
  cluster.kubelets.addNode("gpu", tainted("gpu", "NoSchedule"));
  cordon(cluster, "cordoned", true);
  const ports = [{ name: "m", image: "i", ports: [{ containerPort: 80, hostPort: 80 }] }];
  cluster.store.create("pods", pod("holder", { nodeName: "free", containers: ports }));
  cluster.store.create("pods", pod("asking", spec));
  await cluster.until(() => scheduled(cluster, "asking") !== undefined);
  expect(nodeOf(cluster, "asking")).toBeUndefined();
  expect(scheduled(cluster, "asking")).toMatchObject({ status: "False", reason: "Unschedulable" });
  expect(scheduled(cluster, "asking")?.message).toContain(`0/3 nodes are available: ${expected}. preemption: 0/3`);
  expect(cluster.store.list("events", "default").map((event) => event.reason)).toContain("FailedScheduling");
});

test("without nodes the message says so, and the pod goes on the first node that comes", async () => {
  using cluster = testCluster();
  cluster.store.create("pods", pod("early"));
  await cluster.until(() => scheduled(cluster, "early")?.status === "False");
  expect(scheduled(cluster, "early")?.message).toBe("no nodes available to schedule pods");
  cluster.kubelets.addNode("late");
  await cluster.until(() => nodeOf(cluster, "early") === "late");
  expect(scheduled(cluster, "early")?.status).toBe("True");
});

test("an uncordon lets a waiting pod in", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  cordon(cluster, "a", true);
  cluster.store.create("pods", pod("waiting"));
  await cluster.until(() => scheduled(cluster, "waiting")?.status === "False");
  await cluster.clock.advance(60_000);
  expect(nodeOf(cluster, "waiting")).toBeUndefined();
  cordon(cluster, "a", false);
  await cluster.until(() => nodeOf(cluster, "waiting") === "a", 12_000);
});

test("a pod that goes makes room for one that waits", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  cluster.store.create("pods", pod("first", requests("3")));
  await cluster.until(() => nodeOf(cluster, "first") === "a");
  cluster.store.create("pods", pod("second", requests("3")));
  await cluster.until(() => scheduled(cluster, "second")?.status === "False");
  cluster.store.delete("pods", "default", "first");
  await cluster.until(() => nodeOf(cluster, "second") === "a", 12_000);
});

test("a toleration opens a tainted node, PreferNoSchedule only makes it the last choice", async () => {
  using cluster = testCluster();
  cluster.kubelets.addNode("gpu", tainted("gpu", "NoExecute"));
  cluster.kubelets.addNode("shy", tainted("old", "PreferNoSchedule"));
  cluster.kubelets.addNode("plain");
  cluster.store.create(
    "pods",
    pod("tolerant", {
      tolerations: [{ key: "gpu", operator: "Exists" }],
      nodeSelector: { "kubernetes.io/hostname": "gpu" },
    }),
  );
  cluster.store.create("pods", pod("plain"));
  cluster.store.create("pods", pod("big", { ...requests("1"), nodeSelector: { "kubernetes.io/hostname": "shy" } }));
  await cluster.until(() => cluster.pods().every(({ spec }) => spec.nodeName));
  expect(["tolerant", "plain", "big"].map((name) => nodeOf(cluster, name))).toEqual(["gpu", "plain", "shy"]);
});

test("pods that want to be apart by host get a node each, and the one too many waits", async () => {
  using cluster = testCluster({ nodes: ["a", "b"] });
  const labelSelector = { matchLabels: { app: "op" } };
  const term = { labelSelector, topologyKey: "kubernetes.io/hostname" };
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  for (const name of ["op-1", "op-2", "op-3"]) cluster.store.create("pods", pod(name, { affinity }, { app: "op" }));
  await cluster.clock.advance(2_000);
  const placed = ["op-1", "op-2", "op-3"].map((name) => nodeOf(cluster, name)).filter(Boolean);
  expect(new Set(placed)).toEqual(new Set(["a", "b"]));
  expect(placed).toHaveLength(2);
  const left = cluster.pods().find(({ spec }) => !spec.nodeName)?.metadata.name ?? "";
  expect(scheduled(cluster, left)?.message).toContain("2 node(s) didn't satisfy existing pods anti-affinity rules");
});

test("a pod that wants company goes where it is", async () => {
  using cluster = testCluster({ nodes: ["a", "b", "c"] });
  cluster.store.create("pods", pod("host", { nodeName: "b" }, { app: "db" }));
  const term = { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "kubernetes.io/hostname" };
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  cluster.store.create("pods", pod("guest", { affinity }));
  await cluster.until(() => nodeOf(cluster, "guest") === "b");
});

test("a hard topology spread holds a pod back rather than skew the zones", async () => {
  using cluster = testCluster();
  for (const zone of ["x", "y"]) cluster.kubelets.addNode(`in-${zone}`, { labels: { zone } });
  cluster.kubelets.addNode("nowhere");
  const labelSelector = { matchLabels: { app: "web" } };
  const topologySpreadConstraints = [
    { topologyKey: "zone", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" as const, labelSelector },
  ];
  for (const name of ["w1", "w2"]) {
    cluster.store.create("pods", pod(name, { topologySpreadConstraints }, { app: "web" }));
    await cluster.until(() => nodeOf(cluster, name) !== undefined);
  }
  expect(new Set([nodeOf(cluster, "w1"), nodeOf(cluster, "w2")])).toEqual(new Set(["in-x", "in-y"]));
  cordon(cluster, "in-y", true);
  for (const name of ["w3", "w4"]) {
    cluster.store.create("pods", pod(name, { topologySpreadConstraints }, { app: "web" }));
    await cluster.until(() => scheduled(cluster, name) !== undefined);
  }
  expect([nodeOf(cluster, "w3"), nodeOf(cluster, "w4")]).toEqual(["in-x", undefined]);
  expect(scheduled(cluster, "w4")?.message).toContain(
    "1 node(s) didn't match pod topology spread constraints (missing required label)",
  );
});

test("large clusters are searched in part only", () => {
  expect([3, 100, 150, 500, 5_000].map(feasibleEnough)).toEqual([3, 100, 100, 230, 500]);
});

test("the same seed gives the same placement", async () => {
  const run = async (seed: number) => {
    using cluster = testCluster({ nodes: ["a", "b", "c", "d"], seed });
    cluster.store.create("apps/replicasets", workload("ReplicaSet", "web", { replicas: 7 }));
    await cluster.clock.advance(2_000);
    return cluster.pods().map(({ metadata, spec }) => `${metadata.name} ${spec.nodeName}`);
  };
  expect(await run(7)).toEqual(await run(7));
  expect(await run(7)).not.toEqual(await run(8));
});

test("a pod with a local volume waits for the node that has it, in the scheduler's own words", async () => {
  using cluster = testCluster({ nodes: ["a", "b"] });
  const { store } = cluster;
  const access = { accessModes: ["ReadWriteOnce"] };
  const here = { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["a"] }] };
  store.create("persistentvolumes", {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "disk-of-a" },
    spec: { ...access, capacity: { storage: "1Gi" }, nodeAffinity: { required: { nodeSelectorTerms: [here] } } },
  });
  store.create("persistentvolumeclaims", {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "default" },
    spec: { ...access, resources: { requests: { storage: "1Gi" } }, volumeName: "disk-of-a" },
  });
  const cordon = (unschedulable: boolean) =>
    store.change<Node>("nodes", null, "a", (node) => {
      node.spec = { ...node.spec, unschedulable };
    });
  cordon(true);
  store.create("pods", pod("db", { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] }));
  const scheduled = () => cluster.pods()[0]?.status?.conditions?.find(({ type }) => type === "PodScheduled");
  await cluster.until(() => scheduled()?.status === "False");
  expect(scheduled()?.message).toContain("1 node(s) had volume node affinity conflict");
  expect(scheduled()?.message).toContain("1 node(s) were unschedulable");
  cordon(false);
  await cluster.until(() => cluster.pods()[0]?.spec.nodeName === "a");
});
