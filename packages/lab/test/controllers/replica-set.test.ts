import { expect, test } from "vitest";
import type { Pod, ReplicaSet } from "../../controllers/kinds.ts";
import { podsToDelete } from "../../controllers/workloads/pods-to-delete.ts";
import { isReady, pod, testCluster, workload } from "./test-cluster.ts";

const nodes = ["a", "b"];

test("keeps its number: replaces a pod that goes, scales up and down, and counts in its status", async () => {
  using cluster = testCluster({ nodes });
  const { store } = cluster;
  store.create("apps/replicasets", workload("ReplicaSet", "web", { replicas: 2 }));
  await cluster.until(() => cluster.pods().filter(isReady).length === 2);
  store.delete("pods", "default", cluster.pods()[0]?.metadata.name ?? "");
  await cluster.until(() => cluster.pods().filter(isReady).length === 2 && cluster.pods().length === 2);
  for (const replicas of [4, 1, 0]) {
    store.change<ReplicaSet>("apps/replicasets", "default", "web", ({ spec }) => Object.assign(spec, { replicas }));
    await cluster.until(() => cluster.pods().filter(isReady).length === replicas && cluster.pods().length === replicas);
    await cluster.clock.advance(100);
    const set = store.get<ReplicaSet>("apps/replicasets", "default", "web");
    expect(set?.status).toMatchObject({ replicas, readyReplicas: replicas, availableReplicas: replicas });
    expect(set?.status?.observedGeneration).toBe(set?.metadata.generation);
  }
});

test("adopts a matching pod that nobody owns and releases one that no longer matches", async () => {
  using cluster = testCluster({ nodes });
  const { store } = cluster;
  store.create("pods", pod("stray", {}, { app: "web" }));
  store.create("apps/replicasets", workload("ReplicaSet", "web", { replicas: 1 }));
  await cluster.clock.advance(500);
  expect(cluster.pods().map(({ metadata }) => [metadata.name, metadata.ownerReferences?.[0]?.name])).toEqual([
    ["stray", "web"],
  ]);
  store.change<Pod>("pods", "default", "stray", ({ metadata }) => {
    metadata.labels = { app: "other" };
  });
  await cluster.until(() => cluster.pods().length === 2);
  expect(store.get("pods", "default", "stray")?.metadata.ownerReferences ?? []).toEqual([]);
});

test("a pod that is not long enough ready is not yet available", async () => {
  using cluster = testCluster({ nodes });
  cluster.store.create("apps/replicasets", workload("ReplicaSet", "web", { replicas: 1, minReadySeconds: 20 }));
  const status = () => cluster.store.get<ReplicaSet>("apps/replicasets", "default", "web")?.status;
  await cluster.clock.advance(10_000);
  expect(status()).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
  await cluster.clock.advance(11_000);
  expect(status()).toMatchObject({ availableReplicas: 1 });
});

const candidate = (
  name: string,
  facts: { node?: string; phase?: string; ready?: boolean; cost?: string; created?: number },
): Pod => {
  const { node = "n", phase = "Running", ready = true, cost, created = 0 } = facts;
  const base = pod(name, node ? { nodeName: node } : {});
  base.metadata.creationTimestamp = new Date(created).toISOString();
  if (cost) base.metadata.annotations = { "controller.kubernetes.io/pod-deletion-cost": cost };
  base.status = { phase, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] };
  return base;
};

test.each<[string, Pod, Pod]>([
  [
    "one without a node",
    candidate("x", { node: "", phase: "Pending", ready: false }),
    candidate("y", { phase: "Pending", ready: false }),
  ],
  ["a pending one", candidate("x", { phase: "Pending", ready: false }), candidate("y", { ready: false })],
  ["one that is not ready", candidate("x", { ready: false }), candidate("y", { created: 9 })],
  ["one that is cheaper to lose", candidate("x", { cost: "-5" }), candidate("y", { created: 9 })],
  ["the newer one", candidate("x", { created: 9 }), candidate("y", { created: 1 })],
])("a shrinking set gives up %s first", (_, first, second) => {
  expect(podsToDelete([second, first], 1).map(({ metadata }) => metadata.name)).toEqual(["x"]);
});

test("a shrinking set thins out the fullest node", () => {
  const pods = [
    candidate("x", { node: "full" }),
    candidate("y", { node: "full" }),
    candidate("z", { node: "lone", created: 9 }),
  ];
  expect(podsToDelete(pods, 1)[0]?.spec.nodeName).toBe("full");
});
