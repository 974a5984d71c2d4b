import { expect, test } from "vitest";
import { VirtualClock } from "../../clock.ts";
import type { Node, Pod } from "../../controllers/kinds.ts";
import { lifecycleTaints } from "../../controllers/nodes/node-conditions.ts";
import { cidrPool } from "../../controllers/nodes/node-ipam.ts";
import { evictionDueMs } from "../../controllers/nodes/taint-eviction.ts";
import { isReady, pod, type TestCluster, testCluster, workload } from "./test-cluster.ts";

const node = ({ store }: TestCluster, name: string) => store.get<Node>("nodes", null, name);
const ready = (cluster: TestCluster, name: string) =>
  node(cluster, name)?.status?.conditions?.find(({ type }) => type === "Ready");
const taints = (cluster: TestCluster, name: string) =>
  (node(cluster, name)?.spec?.taints ?? []).map(({ key, effect }) =>
    `${key}:${effect}`.replace("node.kubernetes.io/", ""),
  );

test.each<[string, Partial<Node>, string[]]>([
  ["a ready node has none", { status: { conditions: [{ type: "Ready", status: "True" }] } }, []],
  ["one that never spoke keeps pods away", {}, ["not-ready:NoSchedule"]],
  [
    "one that is not ready drives them out",
    { status: { conditions: [{ type: "Ready", status: "False" }] } },
    ["not-ready:NoSchedule", "not-ready:NoExecute"],
  ],
  [
    "a silent one is unreachable",
    { status: { conditions: [{ type: "Ready", status: "Unknown" }] } },
    ["unreachable:NoSchedule", "unreachable:NoExecute"],
  ],
  [
    "a cordon, no network and full disk each have their own",
    {
      spec: { unschedulable: true },
      status: {
        conditions: [
          { type: "Ready", status: "True" },
          { type: "NetworkUnavailable", status: "True" },
          { type: "DiskPressure", status: "True" },
        ],
      },
    },
    ["unschedulable:NoSchedule", "network-unavailable:NoSchedule", "disk-pressure:NoSchedule"],
  ],
])("taints: %s", (_, facts, expected) => {
  const found = lifecycleTaints({ apiVersion: "v1", kind: "Node", metadata: { name: "n" }, ...facts });
  expect(found.map(({ key, effect }) => `${key}:${effect}`.replace("node.kubernetes.io/", ""))).toEqual(expected);
});

test("cordon and uncordon move the taint, and leave the taints of others alone", async () => {
  using cluster = testCluster();
  cluster.kubelets.addNode("a", { spec: { taints: [{ key: "dedicated", effect: "NoSchedule" }] } });
  await cluster.until(() => taints(cluster, "a").join() === "dedicated:NoSchedule");
  for (const unschedulable of [true, false]) {
    cluster.store.change<Node>("nodes", null, "a", (copy) => {
      copy.spec = { ...copy.spec, unschedulable };
    });
    const wanted = unschedulable ? ["dedicated:NoSchedule", "unschedulable:NoSchedule"] : ["dedicated:NoSchedule"];
    await cluster.until(() => taints(cluster, "a").join() === wanted.join(), 100);
  }
});

test("a silent node is Unknown after 40 s, its pods are not ready, and after 300 s they go", async () => {
  using cluster = testCluster({ nodes: ["a", "b"] });
  cluster.store.create("apps/replicasets", workload("ReplicaSet", "web", { replicas: 2 }));
  await cluster.until(() => cluster.pods().filter(isReady).length === 2);
  await cluster.clock.advance(60_000);
  expect(ready(cluster, "a")?.status).toBe("True");
  cluster.kubelets.silence("a");
  await cluster.clock.advance(35_000);
  expect(ready(cluster, "a")?.status).toBe("True");
  await cluster.until(() => ready(cluster, "a")?.status === "Unknown", 30_000);
  expect(ready(cluster, "a")).toMatchObject({
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
  });
  await cluster.clock.advance(100);
  expect(taints(cluster, "a")).toEqual(["unreachable:NoSchedule", "unreachable:NoExecute"]);
  const lost = () => cluster.store.podsOn<Pod>("a");
  expect(lost().map(isReady)).toEqual([false]);
  expect(ready(cluster, "b")?.status).toBe("True");
  await cluster.clock.advance(290_000);
  expect(lost()[0]?.metadata.deletionTimestamp).toBeUndefined();
  await cluster.until(() => lost()[0]?.metadata.deletionTimestamp !== undefined, 15_000);
  await cluster.until(() => cluster.store.podsOn<Pod>("b").filter(isReady).length === 2);
});

test("time in which the whole lab stood still is not held against its nodes", async () => {
  class StallingClock extends VirtualClock {
    stalledMs = 0;
    override now(): number {
      return super.now() + this.stalledMs;
    }
  }
  const clock = new StallingClock();
  using cluster = testCluster({ nodes: ["a"], clock });
  await clock.advance(22_000);
  clock.stalledMs = 120_000;
  await clock.advance(20_000);
  expect(ready(cluster, "a")?.status).toBe("True");
});

test("a node that comes back in time keeps its pods", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  cluster.store.create("pods", pod("stays", { nodeName: "a" }));
  cluster.kubelets.setReady("a", "False");
  await cluster.until(() => taints(cluster, "a").includes("not-ready:NoExecute"));
  await cluster.clock.advance(200_000);
  cluster.kubelets.setReady("a", "True");
  await cluster.clock.advance(400_000);
  expect(taints(cluster, "a")).toEqual([]);
  expect(cluster.store.get("pods", "default", "stays")?.metadata.deletionTimestamp).toBeUndefined();
});

test("a daemon pod stays on a node that is unreachable", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  cluster.store.create("apps/daemonsets", workload("DaemonSet", "agent"));
  await cluster.until(() => cluster.pods().filter(isReady).length === 1);
  cluster.kubelets.silence("a");
  await cluster.clock.advance(600_000);
  expect(cluster.pods()[0]?.metadata.deletionTimestamp).toBeUndefined();
});

const since = "2026-01-01T00:00:00Z";
test.each<[string, object[], number | null]>([
  ["untolerated: at once", [], 0],
  ["tolerated for 30 s", [{ key: "k", operator: "Exists", tolerationSeconds: 30 }], 30_000],
  ["tolerated for ever", [{ key: "k", operator: "Exists" }], null],
])("a NoExecute taint %s", (_, tolerations, expected) => {
  const home: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n" },
    spec: { taints: [{ key: "k", effect: "NoExecute", timeAdded: since }] },
  };
  const due = evictionDueMs(pod("p", { tolerations }), home);
  expect(due === null ? null : due - Date.parse(since)).toBe(expected);
});

test("each node gets a /24 in order of registration, and one that had its own keeps it", async () => {
  using cluster = testCluster();
  cluster.kubelets.addNode("old", { spec: { podCIDR: "10.244.1.0/24", podCIDRs: ["10.244.1.0/24"] } });
  for (const name of ["a", "b"]) cluster.kubelets.addNode(name);
  await cluster.clock.advance(100);
  expect(["old", "a", "b"].map((name) => node(cluster, name)?.spec?.podCIDR)).toEqual([
    "10.244.1.0/24",
    "10.244.0.0/24",
    "10.244.2.0/24",
  ]);
});

test("a node that finds no block left waits until another goes, and its event says so", async () => {
  using cluster = testCluster({ nodes: ["a", "b", "c"], clusterCidr: "10.1.0.0/23" });
  await cluster.clock.advance(100);
  expect(["a", "b", "c"].map((name) => node(cluster, name)?.spec?.podCIDR)).toEqual([
    "10.1.0.0/24",
    "10.1.1.0/24",
    undefined,
  ]);
  expect(cluster.store.list("events").map(({ reason }) => reason)).toContain("CIDRNotAvailable");
  cluster.store.delete("nodes", null, "b");
  await cluster.until(() => node(cluster, "c")?.spec?.podCIDR === "10.1.1.0/24");
});

test("blocks come back only after a full round, and never out of the service range", () => {
  const pool = cidrPool("10.0.0.0/22", "10.0.1.0/24");
  expect([pool.take(), pool.take()]).toEqual(["10.0.0.0/24", "10.0.2.0/24"]);
  pool.release("10.0.0.0/24");
  expect([pool.take(), pool.take(), pool.take()]).toEqual(["10.0.3.0/24", "10.0.0.0/24", null]);
});

test("a cluster CIDR without room for a node, or of IPv6, is refused in a sentence", () => {
  expect(() => cidrPool("10.0.0.0/25", "10.96.0.0/12")).toThrow("smaller than one node's /24");
  expect(() => cidrPool("fd00::/48", "10.96.0.0/12")).toThrow("IPv4 only");
});

test("pods of a node whose object is gone are removed after the quarantine", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  cluster.store.create("pods", pod("left", { nodeName: "a" }));
  cluster.store.create("pods", pod("lost", { nodeName: "never-was" }));
  await cluster.clock.advance(1_000);
  cluster.store.delete("nodes", null, "a");
  await cluster.clock.advance(35_000);
  expect(cluster.pods()).toHaveLength(2);
  await cluster.until(() => cluster.pods().length === 0, 10_000);
});
