import { expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "../../controllers/kinds.ts";
import { newSize, oldSizes } from "../../controllers/workloads/rolling-update.ts";
import { isReady, type TestCluster, testCluster, workload } from "./test-cluster.ts";

const nodes = ["a", "b", "c"];
const get = ({ store }: TestCluster) => store.get<Deployment>("apps/deployments", "default", "web") as Deployment;
const sets = ({ store }: TestCluster) => store.list<ReplicaSet>("apps/replicasets", "default");
const condition = (cluster: TestCluster, type: string) => get(cluster).status?.conditions?.find((c) => c.type === type);

function edit({ store }: TestCluster, mutate: (copy: Deployment) => void): void {
  store.change<Deployment>("apps/deployments", "default", "web", mutate);
}

function isRolledOut(cluster: TestCluster): boolean {
  const { metadata, spec, status = {} } = get(cluster);
  const { observedGeneration, updatedReplicas, replicas, availableReplicas } = status;
  return (
    observedGeneration === metadata.generation &&
    [updatedReplicas, replicas, availableReplicas].every((n) => n === spec.replicas)
  );
}

async function deployed(spec: Record<string, unknown>): Promise<TestCluster> {
  const cluster = testCluster({ nodes });
  cluster.store.create("apps/deployments", workload("Deployment", "web", spec));
  await cluster.until(() => isRolledOut(cluster));
  return cluster;
}

test("a new Deployment has one ReplicaSet named by its template's hash, and says that it is done", async () => {
  using cluster = await deployed({ replicas: 3 });
  const [set] = sets(cluster);
  const hash = set?.metadata.labels?.["pod-template-hash"];
  expect(set?.metadata.name).toBe(`web-${hash}`);
  expect(set?.metadata.annotations).toMatchObject({ "deployment.kubernetes.io/revision": "1" });
  expect(get(cluster).metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("1");
  expect(condition(cluster, "Available")).toMatchObject({ status: "True", reason: "MinimumReplicasAvailable" });
  expect(condition(cluster, "Progressing")).toMatchObject({ status: "True", reason: "NewReplicaSetAvailable" });
  expect(cluster.pods().every(({ metadata }) => metadata.labels?.["pod-template-hash"] === hash)).toBe(true);
});

test("a rolling update never has fewer available or more pods than it may", async () => {
  using cluster = await deployed({
    replicas: 4,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
  });
  const seen: { ready: number; all: number }[] = [];
  cluster.store.subscribe("pods", () => {
    const alive = cluster.pods().filter(({ metadata }) => !metadata.deletionTimestamp);
    seen.push({ ready: alive.filter(isReady).length, all: alive.length });
  });
  edit(cluster, ({ spec }) => {
    spec.template.metadata = { ...spec.template.metadata, annotations: { "kubectl.kubernetes.io/restartedAt": "now" } };
  });
  await cluster.until(() => isRolledOut(cluster) && sets(cluster).length === 2);
  expect(Math.min(...seen.map(({ ready }) => ready))).toBe(3);
  expect(Math.max(...seen.map(({ all }) => all))).toBe(5);
  expect(new Set(sets(cluster).map(({ spec }) => spec.replicas))).toEqual(new Set([0, 4]));
  expect(get(cluster).metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("2");
});

test("a template that was there before gets its old ReplicaSet back, with a new revision", async () => {
  using cluster = await deployed({ replicas: 1 });
  const first = sets(cluster)[0]?.metadata.name;
  for (const image of ["nginx:2", "nginx:1"]) {
    edit(cluster, ({ spec }) => {
      spec.template.spec.containers[0] = { name: "main", image };
    });
    await cluster.until(() => isRolledOut(cluster));
  }
  const active = sets(cluster).find(({ spec }) => spec.replicas === 1);
  expect(active?.metadata.name).toBe(first);
  expect(active?.metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("3");
});

test("Recreate stops all old pods before a new one starts", async () => {
  using cluster = await deployed({ replicas: 2, strategy: { type: "Recreate" } });
  const images = new Set<string>();
  cluster.store.subscribe("pods", () => {
    images.add([...new Set(cluster.pods().map(({ spec }) => spec.containers[0]?.image))].join(" and "));
  });
  edit(cluster, ({ spec }) => {
    spec.template.spec.containers[0] = { name: "main", image: "nginx:2" };
  });
  await cluster.until(() => isRolledOut(cluster));
  expect(images).toEqual(new Set(["nginx:1", "", "nginx:2"]));
});

test("a paused Deployment follows its replicas but not its template", async () => {
  using cluster = await deployed({ replicas: 1 });
  edit(cluster, ({ spec }) => {
    Object.assign(spec, { paused: true, replicas: 2 });
    spec.template.spec.containers[0] = { name: "main", image: "nginx:2" };
  });
  await cluster.until(() => cluster.pods().filter(isReady).length === 2);
  await cluster.clock.advance(1_000);
  expect(sets(cluster)).toHaveLength(1);
});

test("an update that gets nowhere says so after its deadline, and keeps the old pods", async () => {
  using cluster = await deployed({ replicas: 2, progressDeadlineSeconds: 30 });
  cluster.kubelets.neverReady(({ spec }) => spec.containers[0]?.image === "nginx:2");
  edit(cluster, ({ spec }) => {
    spec.template.spec.containers[0] = { name: "main", image: "nginx:2" };
  });
  await cluster.clock.advance(29_000);
  expect(condition(cluster, "Progressing")?.status).toBe("True");
  await cluster.clock.advance(5_000);
  expect(condition(cluster, "Progressing")).toMatchObject({ status: "False", reason: "ProgressDeadlineExceeded" });
  expect(condition(cluster, "Available")?.status).toBe("True");
  expect(cluster.pods().filter(isReady)).toHaveLength(2);
});

test("old ReplicaSets beyond the history limit go", async () => {
  using cluster = await deployed({ replicas: 1, revisionHistoryLimit: 1 });
  for (const image of ["nginx:2", "nginx:3", "nginx:4"]) {
    edit(cluster, ({ spec }) => {
      spec.template.spec.containers[0] = { name: "main", image };
    });
    await cluster.until(() => isRolledOut(cluster) && cluster.pods().length === 1);
  }
  await cluster.clock.advance(1_000);
  expect(sets(cluster)).toHaveLength(2);
});

const set = (replicas: number, availableReplicas: number): ReplicaSet => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: "s", creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { ...(workload("ReplicaSet", "web").spec as ReplicaSet["spec"]), replicas },
  status: { availableReplicas },
});
const deployment = (replicas: number, maxUnavailable: number): Deployment => ({
  ...(workload("Deployment", "web") as Deployment),
  spec: {
    ...(workload("Deployment", "web").spec as Deployment["spec"]),
    replicas,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable } },
  },
});

test.each<[string, [number, number, number, number], number]>([
  ["grows by the surge", [4, 0, 4, 5], 1],
  ["waits while the limit is reached", [4, 1, 5, 5], 1],
  ["never beyond the goal", [4, 3, 3, 9], 4],
  ["shrinks to a smaller goal at once", [2, 4, 4, 3], 2],
])("the new set %s", (_, [goal, now, all, limit], expected) => {
  expect(newSize(goal, now, all, limit)).toBe(expected);
});

test.each<[string, Deployment, ReplicaSet, ReplicaSet, number[]]>([
  ["nothing while the new pod is not available", deployment(3, 0), set(1, 0), set(3, 3), []],
  ["one for one that became available", deployment(3, 0), set(1, 1), set(3, 3), [2]],
  ["the unhealthy ones first", deployment(3, 1), set(1, 0), set(3, 2), [2]],
  ["all once the new ones are there", deployment(3, 0), set(3, 3), set(1, 1), [0]],
])("an old set gives up %s", (...[, wanted, fresh, old, expected]) => {
  expect(oldSizes(wanted, fresh, [old]).map(([, replicas]) => replicas)).toEqual(expected);
});
