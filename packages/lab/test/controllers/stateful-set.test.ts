import { expect, test } from "vitest";
import type { StatefulSet } from "../../controllers/kinds.ts";
import { isReady, type TestCluster, testCluster, workload } from "./test-cluster.ts";

const nodes = ["a", "b"];
const names = (cluster: TestCluster) =>
  cluster
    .pods()
    .map(({ metadata }) => metadata.name)
    .sort();
const images = (cluster: TestCluster) =>
  Object.fromEntries(cluster.pods().map(({ metadata, spec }) => [metadata.name, spec.containers[0]?.image]));
const get = ({ store }: TestCluster) => store.get<StatefulSet>("apps/statefulsets", "default", "db");

function edit({ store }: TestCluster, mutate: (copy: StatefulSet) => void): void {
  store.change<StatefulSet>("apps/statefulsets", "default", "db", mutate);
}

function setImage({ spec }: StatefulSet): void {
  spec.template.spec.containers[0] = { name: "main", image: "db:2" };
}

async function running(spec: Record<string, unknown>): Promise<TestCluster> {
  const cluster = testCluster({ nodes });
  cluster.store.create("apps/statefulsets", workload("StatefulSet", "db", { serviceName: "db", ...spec }));
  await cluster.until(() => cluster.pods().filter(isReady).length === spec.replicas);
  await cluster.clock.advance(200);
  return cluster;
}

test("pods come one after another, each with its own name and host name", async () => {
  using cluster = testCluster({ nodes });
  const order: string[] = [];
  cluster.store.subscribe("pods", ({ type, object }) => {
    if (type !== "ADDED") return;
    order.push(`${object.metadata.name} beside ${cluster.pods().filter(isReady).length} ready`);
  });
  cluster.store.create("apps/statefulsets", workload("StatefulSet", "db", { serviceName: "db", replicas: 3 }));
  await cluster.until(() => cluster.pods().filter(isReady).length === 3);
  expect(order).toEqual(["db-0 beside 0 ready", "db-1 beside 1 ready", "db-2 beside 2 ready"]);
  expect(cluster.pods()[0]?.spec).toMatchObject({ hostname: "db-0", subdomain: "db" });
  expect(cluster.pods()[0]?.metadata.labels).toMatchObject({ "statefulset.kubernetes.io/pod-name": "db-0" });
});

test("with Parallel they come at once", async () => {
  using cluster = testCluster({ nodes });
  cluster.store.create(
    "apps/statefulsets",
    workload("StatefulSet", "db", { podManagementPolicy: "Parallel", replicas: 3 }),
  );
  await cluster.until(() => cluster.pods().length === 3, 40);
});

test("a deleted pod comes back under its name, only once the old one is gone", async () => {
  using cluster = await running({ replicas: 2 });
  const before = cluster.store.get("pods", "default", "db-0")?.metadata.uid;
  cluster.store.delete("pods", "default", "db-0");
  await cluster.clock.advance(30);
  expect(cluster.store.get("pods", "default", "db-0")?.metadata.uid).toBe(before);
  const uid = () => cluster.store.get("pods", "default", "db-0")?.metadata.uid;
  await cluster.until(() => uid() !== undefined && uid() !== before);
  await cluster.until(() => cluster.pods().filter(isReady).length === 2);
});

test("a shrinking set loses the highest numbers, one at a time", async () => {
  using cluster = await running({ replicas: 3 });
  const left: string[] = [];
  cluster.store.subscribe("pods", ({ type }) => {
    if (type === "DELETED") left.push(names(cluster).join());
  });
  edit(cluster, ({ spec }) => Object.assign(spec, { replicas: 1 }));
  await cluster.until(() => names(cluster).length === 1);
  expect(left).toEqual(["db-0,db-1", "db-0"]);
});

test("an update goes from the highest number down, each awaited, and then becomes current", async () => {
  using cluster = await running({ replicas: 3 });
  const before = get(cluster)?.status?.currentRevision;
  const reborn: string[] = [];
  cluster.store.subscribe("pods", ({ type, object }) => {
    if (type === "ADDED" && object.spec !== undefined && images(cluster)[object.metadata.name] === "db:2")
      reborn.push(object.metadata.name);
  });
  edit(cluster, setImage);
  await cluster.until(
    () => get(cluster)?.status?.observedGeneration === 2 && get(cluster)?.status?.currentReplicas === 3,
  );
  expect(reborn).toEqual(["db-2", "db-1", "db-0"]);
  const { currentRevision, updateRevision, currentReplicas } = get(cluster)?.status ?? {};
  expect(currentRevision).toBe(updateRevision);
  expect(currentRevision).not.toBe(before);
  expect(currentReplicas).toBe(3);
});

test("pods below the partition stay as they are, even when they are made again", async () => {
  using cluster = await running({
    replicas: 3,
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
  });
  edit(cluster, setImage);
  await cluster.until(() => images(cluster)["db-2"] === "db:2" && cluster.pods().filter(isReady).length === 3);
  cluster.store.delete("pods", "default", "db-0");
  await cluster.clock.advance(2_000);
  expect(images(cluster)).toEqual({ "db-0": "nginx:1", "db-1": "nginx:1", "db-2": "db:2" });
});

test("OnDelete leaves the pods to whoever deletes them", async () => {
  using cluster = await running({ replicas: 2, updateStrategy: { type: "OnDelete" } });
  edit(cluster, setImage);
  await cluster.clock.advance(2_000);
  expect(new Set(Object.values(images(cluster)))).toEqual(new Set(["nginx:1"]));
  cluster.store.delete("pods", "default", "db-1");
  await cluster.until(() => images(cluster)["db-1"] === "db:2");
});

test("claims are made from the templates and outlive the pods", async () => {
  using cluster = await running({
    replicas: 2,
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  });
  edit(cluster, ({ spec }) => Object.assign(spec, { replicas: 0 }));
  await cluster.until(() => names(cluster).length === 0);
  expect(
    cluster.store
      .list("persistentvolumeclaims", "default")
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(["data-db-0", "data-db-1"]);
});
