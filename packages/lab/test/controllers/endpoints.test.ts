import { expect, test } from "vitest";
import type { EndpointSlice } from "../../controllers/endpoint-slices.ts";
import type { Pod, Service } from "../../controllers/kinds.ts";
import { isReady, pod, setPodReady, type TestCluster, testCluster, workload } from "./test-cluster.ts";

function service(spec: Partial<Service["spec"]> = {}): Service {
  const metadata = { name: "web", namespace: "default" };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: { app: "web" }, ports: [{ port: 80 }], ...spec },
  };
}

const slices = ({ store }: TestCluster) => store.list<EndpointSlice>("discovery.k8s.io/endpointslices", "default");
const endpoints = (cluster: TestCluster) => slices(cluster).flatMap((slice) => slice.endpoints ?? []);

async function served(spec: Partial<Service["spec"]> = {}, replicas = 2): Promise<TestCluster> {
  const cluster = testCluster({ nodes: ["a", "b"] });
  cluster.store.create("services", service(spec));
  cluster.store.create("apps/replicasets", workload("ReplicaSet", "web", { replicas }));
  await cluster.until(() => cluster.pods().filter(isReady).length === replicas);
  await cluster.clock.advance(100);
  return cluster;
}

test("ready pods are in the slice, with node and reference", async () => {
  using cluster = await served();
  expect(slices(cluster)).toHaveLength(1);
  expect(slices(cluster)[0]?.metadata.labels).toMatchObject({
    "kubernetes.io/service-name": "web",
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  });
  const [pod] = cluster.pods();
  expect(endpoints(cluster)).toContainEqual({
    addresses: [pod?.status?.podIP],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: pod?.spec.nodeName,
    targetRef: { kind: "Pod", namespace: "default", name: pod?.metadata.name, uid: pod?.metadata.uid },
  });
});

test("a pod that fails its probe is kept as not ready, and stands apart in Endpoints", async () => {
  using cluster = await served();
  const name = cluster.pods()[0]?.metadata.name ?? "";
  setPodReady(cluster.store, name, "False");
  await cluster.clock.advance(100);
  const one = endpoints(cluster).find(({ targetRef }) => targetRef.name === name);
  expect(one?.conditions).toEqual({ ready: false, serving: false, terminating: false });
  expect(cluster.store.get("endpoints", "default", "web")?.subsets).toMatchObject([
    { addresses: [{}], notReadyAddresses: [{ targetRef: { name } }] },
  ]);
});

test("a terminating pod serves but is not ready, and leaves with its end", async () => {
  using cluster = await served();
  const { name, uid } = cluster.pods()[0]?.metadata ?? { name: "" };
  cluster.kubelets.silence(cluster.pods()[0]?.spec.nodeName ?? "");
  cluster.store.delete("pods", "default", name);
  await cluster.clock.advance(100);
  const one = () => endpoints(cluster).find(({ targetRef }) => targetRef.uid === uid);
  expect(one()?.conditions).toEqual({ ready: false, serving: true, terminating: true });
  cluster.store.remove("pods", "default", name, uid);
  await cluster.clock.advance(100);
  expect(one()).toBeUndefined();
});

test("a named target port is looked up in each pod", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  cluster.store.create("services", service({ ports: [{ name: "http", port: 80, targetPort: "web" }] }));
  for (const containerPort of [8080, 9090]) {
    const containers = [{ name: "main", image: "i", ports: [{ name: "web", containerPort }] }];
    cluster.store.create("pods", pod(`p${containerPort}`, { containers }, { app: "web" }));
  }
  await cluster.until(() => cluster.pods().every(isReady));
  await cluster.clock.advance(100);
  expect(new Set(slices(cluster).map(({ ports }) => ports[0]?.port))).toEqual(new Set([8080, 9090]));
});

test("publishNotReadyAddresses calls every pod ready", async () => {
  using cluster = await served({ publishNotReadyAddresses: true, clusterIP: "None" });
  for (const { metadata } of cluster.pods()) setPodReady(cluster.store, metadata.name, "False");
  await cluster.clock.advance(100);
  expect(endpoints(cluster).map(({ conditions }) => conditions.ready)).toEqual([true, true]);
  expect(slices(cluster)[0]?.metadata.labels).toHaveProperty("service.kubernetes.io/headless");
});

test("more than a hundred pods need a second slice", async () => {
  using cluster = await served({}, 120);
  expect(new Set(slices(cluster).map((slice) => slice.endpoints.length))).toEqual(new Set([100, 20]));
});

test("a service without a selector is nobody's business; one that goes takes its endpoints along", async () => {
  using cluster = await served();
  cluster.store.create("services", {
    ...service(),
    metadata: { name: "bare", namespace: "default" },
    spec: { ports: [{ port: 1 }] },
  });
  cluster.store.delete("services", "default", "web");
  await cluster.until(() => slices(cluster).length === 0, 5_000);
  expect(cluster.store.list("endpoints", "default")).toEqual([]);
  expect(cluster.store.list<Pod>("pods", "default")).toHaveLength(2);
});
