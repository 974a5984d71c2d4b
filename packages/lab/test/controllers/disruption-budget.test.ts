import { expect, test } from "vitest";
import type { PodDisruptionBudget } from "../../controllers/kinds.ts";
import { budget, isReady, pod, setPodReady, type TestCluster, testCluster, workload } from "./test-cluster.ts";

const status = ({ store }: TestCluster) =>
  store.get<PodDisruptionBudget>("policy/poddisruptionbudgets", "default", "keep")?.status ?? {};

async function guarded(
  kind: string,
  spec: Record<string, unknown>,
  workloadSpec: Record<string, unknown> = {},
): Promise<TestCluster> {
  const cluster = testCluster({ nodes: ["a", "b", "c"] });
  const count = kind === "DaemonSet" ? 3 : 4;
  cluster.store.create(
    kind === "Deployment" ? "apps/deployments" : `apps/${kind.toLowerCase()}s`,
    workload(kind, "web", { ...(kind === "DaemonSet" ? {} : { replicas: 4 }), ...workloadSpec }),
  );
  await cluster.until(() => cluster.pods().filter(isReady).length === count);
  cluster.store.create("policy/poddisruptionbudgets", budget("keep", "web", spec));
  await cluster.until(() => status(cluster).observedGeneration === 1);
  return cluster;
}

test.each<[string, string, Record<string, unknown>, [number, number, number, number]]>([
  ["a number that must stay", "Deployment", { minAvailable: 3 }, [4, 4, 3, 1]],
  ["a share that must stay, rounded up", "Deployment", { minAvailable: "60%" }, [4, 4, 3, 1]],
  ["a number that may go", "ReplicaSet", { maxUnavailable: 2 }, [4, 4, 2, 2]],
  ["a share that may go, rounded up", "StatefulSet", { maxUnavailable: "30%" }, [4, 4, 2, 2]],
  ["nobody may go", "Deployment", { maxUnavailable: 0 }, [4, 4, 4, 0]],
  ["more than there are must stay", "Deployment", { minAvailable: 9 }, [4, 4, 9, 0]],
])("%s", async (_, kind, spec, expected) => {
  using cluster = await guarded(kind, spec);
  const { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed } = status(cluster);
  expect([expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed]).toEqual(expected);
  const reason = (disruptionsAllowed ?? 0) > 0 ? "SufficientPods" : "InsufficientPods";
  expect(status(cluster).conditions?.[0]).toMatchObject({ type: "DisruptionAllowed", reason });
});

test("a share of a DaemonSet cannot be counted: it has no scale", async () => {
  using cluster = await guarded("DaemonSet", { maxUnavailable: 1 });
  expect(status(cluster).disruptionsAllowed).toBe(0);
  expect(status(cluster).conditions?.[0]).toMatchObject({
    reason: "SyncFailed",
    message: "daemonsets.apps does not implement the scale subresource",
  });
});

test("a pod that is not ready takes from what is allowed, a scaled workload adds to it, both with a lag", async () => {
  using cluster = await guarded("ReplicaSet", { maxUnavailable: 1 });
  setPodReady(cluster.store, cluster.pods()[0]?.metadata.name ?? "", "False");
  expect(status(cluster).disruptionsAllowed).toBe(1);
  await cluster.until(() => status(cluster).disruptionsAllowed === 0, 200);
  cluster.store.change("apps/replicasets", "default", "web", (set) =>
    Object.assign(set.spec as object, { replicas: 3 }),
  );
  await cluster.until(() => status(cluster).expectedPods === 3 && status(cluster).disruptionsAllowed === 1, 1_000);
});

test("an approved eviction that never happened is forgotten after two minutes", async () => {
  using cluster = await guarded("ReplicaSet", { maxUnavailable: 1 });
  const name = cluster.pods()[0]?.metadata.name ?? "";
  cluster.store.change<PodDisruptionBudget>(
    "policy/poddisruptionbudgets",
    "default",
    "keep",
    (copy) => {
      copy.status = { ...copy.status, disruptedPods: { [name]: new Date(cluster.clock.now()).toISOString() } };
    },
    { subresource: "status" },
  );
  await cluster.until(() => status(cluster).disruptionsAllowed === 0, 1_000);
  await cluster.clock.advance(110_000);
  expect(status(cluster).disruptionsAllowed).toBe(0);
  await cluster.until(() => status(cluster).disruptionsAllowed === 1, 15_000);
  expect(status(cluster).disruptedPods ?? {}).toEqual({});
});

test("pods without a controller count for a number, and for a share as nothing", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  for (const name of ["p1", "p2"]) cluster.store.create("pods", pod(name, {}, { app: "web" }));
  cluster.store.create("policy/poddisruptionbudgets", budget("keep", "web", { minAvailable: 1 }));
  await cluster.until(() => status(cluster).disruptionsAllowed === 1);
  cluster.store.change<PodDisruptionBudget>("policy/poddisruptionbudgets", "default", "keep", ({ spec }) =>
    Object.assign(spec, { minAvailable: "50%" }),
  );
  await cluster.until(() => status(cluster).observedGeneration === 2);
  expect(status(cluster)).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
});
