import { expect, test } from "vitest";
import { evictPod } from "../../controllers/eviction.ts";
import type { Job, Pod } from "../../controllers/kinds.ts";
import { exitAnnotation } from "../support/fake-kubelet.ts";
import { type TestCluster, template, testCluster, workload } from "./test-cluster.ts";

const get = ({ store }: TestCluster) => store.get<Job>("batch/jobs", "default", "task");
const condition = (cluster: TestCluster) => get(cluster)?.status?.conditions?.find(({ status }) => status === "True");

function started(exit: string | null, spec: Record<string, unknown> = {}): TestCluster {
  const cluster = testCluster({ nodes: ["a"] });
  const { spec: podSpec } = template("task", { restartPolicy: "Never" });
  const annotations = exit === null ? {} : { [exitAnnotation]: exit };
  cluster.store.create(
    "batch/jobs",
    workload("Job", "task", { template: { metadata: { annotations }, spec: podSpec }, ...spec }),
  );
  return cluster;
}

test("runs to its completions, as many at a time as it may", async () => {
  using cluster = started("0", { completions: 5, parallelism: 2 });
  let most = 0;
  cluster.store.subscribe<Pod>("pods", () => {
    most = Math.max(
      most,
      cluster.pods().filter(({ status }) => !["Succeeded", "Failed"].includes(status?.phase ?? "")).length,
    );
  });
  await cluster.until(() => condition(cluster)?.type === "Complete");
  expect(get(cluster)?.status).toMatchObject({ succeeded: 5, failed: 0, active: 0 });
  expect(most).toBe(2);
});

test("gives up after its backoff limit", async () => {
  using cluster = started("1", { backoffLimit: 2 });
  await cluster.until(() => condition(cluster) !== undefined);
  expect(condition(cluster)).toMatchObject({ type: "Failed", reason: "BackoffLimitExceeded" });
  expect(get(cluster)?.status?.failed).toBe(3);
});

test.each([
  ["counts against its backoff limit, and fails one of 0 for good", undefined, "Failed"],
  [
    "is ignored where its pod failure policy says so",
    [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }],
    undefined,
  ],
] as const)("an evicted pod %s", async (_what, rules, end) => {
  using cluster = started(null, { backoffLimit: 0, ...(rules ? { podFailurePolicy: { rules } } : {}) });
  const running = () => cluster.pods().filter(({ status }) => status?.phase === "Running");
  await cluster.until(() => running().length === 1);
  const [first] = running();
  evictPod(cluster.store, cluster.clock, "default", first?.metadata.name ?? "", {
    metadata: { name: first?.metadata.name ?? "" },
  });
  expect(cluster.pods()[0]?.status?.conditions).toContainEqual(
    expect.objectContaining({ type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" }),
  );
  if (end) await cluster.until(() => condition(cluster)?.type === end);
  else await cluster.until(() => running().some(({ metadata }) => metadata.uid !== first?.metadata.uid));
  expect(get(cluster)?.status?.failed).toBe(end ? 1 : 0);
});

test("stops at its deadline", async () => {
  using cluster = started(null, { activeDeadlineSeconds: 30 });
  await cluster.clock.advance(25_000);
  expect(condition(cluster)).toBeUndefined();
  await cluster.clock.advance(10_000);
  expect(condition(cluster)).toMatchObject({ type: "Failed", reason: "DeadlineExceeded" });
  expect(cluster.pods()).toEqual([]);
});

test("is deleted with its pods when its time to live is over", async () => {
  using cluster = started("0", { ttlSecondsAfterFinished: 20 });
  await cluster.until(() => condition(cluster) !== undefined);
  await cluster.clock.advance(15_000);
  expect(get(cluster)).toBeDefined();
  await cluster.until(() => get(cluster) === undefined && cluster.pods().length === 0, 10_000);
});

test("what the lab's Jobs do not do is said in an event", async () => {
  using cluster = started("0", { completionMode: "Indexed", completions: 1 });
  await cluster.until(() => condition(cluster) !== undefined);
  const said = cluster.store.list("events", "default").map(({ message }) => message);
  expect(said.join()).toContain("Indexed counts as NonIndexed");
});
