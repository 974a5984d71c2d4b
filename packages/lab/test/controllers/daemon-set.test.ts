import { expect, test } from "vitest";
import type { DaemonSet, Node, Pod, Taint } from "../../controllers/kinds.ts";
import { isReady, type TestCluster, template, testCluster, workload } from "./test-cluster.ts";

const nodes = ["a", "b", "c"];
const status = ({ store }: TestCluster) => store.get<DaemonSet>("apps/daemonsets", "default", "agent")?.status ?? {};
const homes = (cluster: TestCluster) =>
  cluster
    .pods()
    .map(({ spec }) => spec.nodeName ?? "")
    .sort();

function edit({ store }: TestCluster, mutate: (copy: DaemonSet) => void): void {
  store.change<DaemonSet>("apps/daemonsets", "default", "agent", mutate);
}

function editNode({ store }: TestCluster, name: string, mutate: (copy: Node) => void): void {
  store.change<Node>("nodes", null, name, mutate);
}

async function running(spec: Record<string, unknown> = {}, count = 3): Promise<TestCluster> {
  const cluster = testCluster({ nodes });
  cluster.store.create("apps/daemonsets", workload("DaemonSet", "agent", spec));
  await cluster.until(() => cluster.pods().filter(isReady).length === count);
  await cluster.clock.advance(200);
  return cluster;
}

test("runs one pod on each node, also on one that joins later, and counts them", async () => {
  using cluster = await running();
  expect(homes(cluster)).toEqual(["a", "b", "c"]);
  cluster.kubelets.addNode("d");
  await cluster.until(() => cluster.pods().filter(isReady).length === 4);
  await cluster.clock.advance(200);
  expect(status(cluster)).toMatchObject({
    desiredNumberScheduled: 4,
    currentNumberScheduled: 4,
    numberReady: 4,
    numberAvailable: 4,
    updatedNumberScheduled: 4,
    numberMisscheduled: 0,
    numberUnavailable: 0,
    observedGeneration: 1,
  });
});

test("its pods tolerate what keeps others away, network-unavailable only on the host network", async () => {
  using cluster = await running();
  const keys = (pods: readonly Pod[]) =>
    new Set(pods[0]?.spec.tolerations?.map(({ key, effect }) => `${key}:${effect}`.replace("node.kubernetes.io/", "")));
  const usual = [
    "not-ready:NoExecute",
    "unreachable:NoExecute",
    "disk-pressure:NoSchedule",
    "memory-pressure:NoSchedule",
    "pid-pressure:NoSchedule",
    "unschedulable:NoSchedule",
  ];
  expect(keys(cluster.pods())).toEqual(new Set(usual));
  using host = await running({ template: template("agent", { hostNetwork: true }) });
  expect(keys(host.pods())).toEqual(new Set([...usual, "network-unavailable:NoSchedule"]));
});

test("a cordoned node gets its daemon all the same", async () => {
  using cluster = testCluster({ nodes });
  editNode(cluster, "b", (node) => Object.assign(node.spec ?? {}, { unschedulable: true }));
  await cluster.clock.advance(100);
  cluster.store.create("apps/daemonsets", workload("DaemonSet", "agent"));
  await cluster.until(() => cluster.pods().filter(isReady).length === 3);
  expect(homes(cluster)).toEqual(["a", "b", "c"]);
});

test("a nodeSelector chooses, and a node that loses its label loses its pod", async () => {
  using cluster = testCluster({ nodes });
  for (const name of ["a", "b"])
    editNode(cluster, name, ({ metadata }) => Object.assign(metadata.labels ?? {}, { role: "edge" }));
  cluster.store.create(
    "apps/daemonsets",
    workload("DaemonSet", "agent", { template: template("agent", { nodeSelector: { role: "edge" } }) }),
  );
  await cluster.until(() => homes(cluster).join() === "a,b");
  editNode(cluster, "a", ({ metadata }) => {
    metadata.labels = { "kubernetes.io/hostname": "a" };
  });
  await cluster.until(() => homes(cluster).join() === "b");
  await cluster.clock.advance(200);
  expect(status(cluster).desiredNumberScheduled).toBe(1);
});

test.each<[Taint["effect"], string, number]>([
  ["NoSchedule", "a,b,c", 1],
  ["NoExecute", "a,c", 0],
])("a %s taint leaves pods on %s, with %d misscheduled", async (effect, left, misscheduled) => {
  using cluster = await running();
  editNode(cluster, "b", (node) => {
    node.spec = { ...node.spec, taints: [{ key: "dedicated", effect }] };
  });
  await cluster.clock.advance(3_000);
  expect(homes(cluster).join()).toBe(left);
  expect(status(cluster)).toMatchObject({ numberMisscheduled: misscheduled, desiredNumberScheduled: 2 });
});

test("a rolling update takes one node at a time by default", async () => {
  using cluster = await running();
  let fewest = 3;
  cluster.store.subscribe("pods", () => {
    fewest = Math.min(fewest, cluster.pods().filter((pod) => isReady(pod) && !pod.metadata.deletionTimestamp).length);
  });
  edit(cluster, ({ spec }) => {
    spec.template.metadata = { ...spec.template.metadata, annotations: { "kubectl.kubernetes.io/restartedAt": "now" } };
  });
  await cluster.until(() => status(cluster).observedGeneration === 2 && status(cluster).updatedNumberScheduled === 3);
  await cluster.until(() => status(cluster).numberAvailable === 3);
  expect(fewest).toBe(2);
  const hashes = new Set(cluster.pods().map(({ metadata }) => metadata.labels?.["controller-revision-hash"]));
  expect(hashes.size).toBe(1);
  expect(cluster.store.list("apps/controllerrevisions", "default").map(({ revision }) => revision)).toEqual([1, 2]);
});

test("maxUnavailable lets it take more", async () => {
  using cluster = await running({
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "60%" } },
  });
  edit(cluster, ({ spec }) => {
    spec.template.spec.containers[0] = { name: "main", image: "agent:2" };
  });
  await cluster.until(() => cluster.pods().filter(({ metadata }) => metadata.deletionTimestamp).length === 2, 1_000);
});

test("OnDelete leaves old pods until somebody deletes them", async () => {
  using cluster = await running({ updateStrategy: { type: "OnDelete" } });
  edit(cluster, ({ spec }) => {
    spec.template.spec.containers[0] = { name: "main", image: "agent:2" };
  });
  await cluster.clock.advance(2_000);
  expect(status(cluster)).toMatchObject({ updatedNumberScheduled: 0, numberAvailable: 3 });
  cluster.store.delete("pods", "default", cluster.pods()[0]?.metadata.name ?? "");
  await cluster.until(() => status(cluster).updatedNumberScheduled === 1 && status(cluster).numberAvailable === 3);
});

test("a pod that failed is made again, not faster than once a second", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  const failing = {
    metadata: { labels: { app: "agent" }, annotations: { "test/exit": "1" } },
    spec: template("agent").spec,
  };
  cluster.store.create("apps/daemonsets", workload("DaemonSet", "agent", { template: failing }));
  const made = new Set<string | undefined>();
  cluster.store.subscribe("pods", ({ object }) => void made.add(object.metadata.uid));
  await cluster.clock.advance(10_000);
  expect(made.size).toBeGreaterThan(3);
  expect(made.size).toBeLessThan(12);
});
