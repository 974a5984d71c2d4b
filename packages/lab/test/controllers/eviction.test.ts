import { expect, test } from "vitest";
import { type Eviction, evictPod } from "../../controllers/eviction.ts";
import type { Pod, PodDisruptionBudget } from "../../controllers/kinds.ts";
import { ApiError } from "../../store/api-error.ts";
import { budget, isReady, pod, setPodReady, type TestCluster, testCluster, workload } from "./test-cluster.ts";

const budgets = "policy/poddisruptionbudgets";
const get = ({ store }: TestCluster) => store.get<PodDisruptionBudget>(budgets, "default", "keep");

/** The Status that the API would answer. */
function evict({ store, clock }: TestCluster, name: string, body: Eviction = {}) {
  try {
    return evictPod(store, clock, "default", name, body);
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

/** Two ready pods, web-… , and a budget that was observed. */
async function guarded(
  spec: Record<string, unknown> = { maxUnavailable: 1 },
): Promise<{ cluster: TestCluster; names: string[] }> {
  const cluster = testCluster({ nodes: ["a", "b"] });
  cluster.store.create("apps/replicasets", workload("ReplicaSet", "web", { replicas: 2 }));
  await cluster.until(() => cluster.pods().filter(isReady).length === 2);
  cluster.store.create(budgets, budget("keep", "web", spec));
  await cluster.until(() => get(cluster)?.status?.observedGeneration === 1);
  return { cluster, names: cluster.pods().map(({ metadata }) => metadata.name) };
}

const isGoing = ({ store }: TestCluster, name: string) =>
  store.get<Pod>("pods", "default", name)?.metadata.deletionTimestamp !== undefined;

test("201: the first eviction is taken, written down, and the second meets 429 with the cause", async () => {
  const { cluster, names } = await guarded();
  using _ = cluster;
  const [first = "", second = ""] = names;
  expect(evict(cluster, first)).toMatchObject({ status: "Success", code: 201 });
  expect(isGoing(cluster, first)).toBe(true);
  expect(get(cluster)?.status?.disruptedPods).toHaveProperty(first);
  expect(evict(cluster, second)).toMatchObject({
    code: 429,
    reason: "TooManyRequests",
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [
        {
          reason: "DisruptionBudget",
          message: expect.stringMatching(/^The disruption budget keep needs 1 healthy pods and has \d currently$/),
        },
      ],
    },
  });
  expect(evict(cluster, second).details).not.toHaveProperty("retryAfterSeconds");
  expect(isGoing(cluster, second)).toBe(false);
  await cluster.until(() => evict(cluster, second).code === 201, 5_000);
});

test("a pod under no budget goes, with the grace that was asked for", async () => {
  const { cluster, names } = await guarded();
  using _ = cluster;
  cluster.store.delete(budgets, "default", "keep");
  expect(evict(cluster, names[0] ?? "", { deleteOptions: { gracePeriodSeconds: 7 } }).code).toBe(201);
  expect(cluster.store.get("pods", "default", names[0] ?? "")?.metadata.deletionGracePeriodSeconds).toBe(7);
});

test("429 with Retry-After 10 while the budget's controller lags", async () => {
  const { cluster, names } = await guarded();
  using _ = cluster;
  cluster.store.change<PodDisruptionBudget>(budgets, "default", "keep", ({ spec }) =>
    Object.assign(spec, { maxUnavailable: 2 }),
  );
  expect(evict(cluster, names[0] ?? "")).toMatchObject({
    code: 429,
    details: {
      retryAfterSeconds: 10,
      causes: [
        { reason: "DisruptionBudget", message: "The disruption budget keep is still being processed by the server." },
      ],
    },
  });
  await cluster.clock.advance(500);
  expect(evict(cluster, names[0] ?? "").code).toBe(201);
});

test("429 names the failure where the budget cannot be counted", async () => {
  const { cluster, names } = await guarded();
  using _ = cluster;
  cluster.store.create("pods", {
    ...pod("odd", {}, { app: "web" }),
    metadata: {
      name: "odd",
      namespace: "default",
      labels: { app: "web" },
      ownerReferences: [{ apiVersion: "example.com/v1", kind: "Flock", name: "f", uid: "u-1", controller: true }],
    },
  });
  await cluster.until(() => get(cluster)?.status?.conditions?.[0]?.reason === "SyncFailed", 900);
  expect(evict(cluster, names[0] ?? "").details?.causes?.[0]?.message).toBe(
    "The disruption budget keep does not allow evicting pods currently because it failed sync: flocks.example.com does not implement the scale subresource",
  );
});

test("500 under two budgets", async () => {
  const { cluster, names } = await guarded();
  using _ = cluster;
  cluster.store.create(budgets, budget("keep-too", "web", { minAvailable: 0 }));
  expect(evict(cluster, names[0] ?? "")).toMatchObject({
    code: 500,
    message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
  });
});

test.each<[string, Eviction, number]>([
  ["400 for a name that is not the URL's", { metadata: { name: "other" } }, 400],
  ["409 for another uid", { deleteOptions: { preconditions: { uid: "not-it" } } }, 409],
  ["409 for another resourceVersion", { deleteOptions: { preconditions: { resourceVersion: "1" } } }, 409],
])("%s, and the budget is not touched", async (_, body, code) => {
  const { cluster, names } = await guarded();
  using _cluster = cluster;
  expect(evict(cluster, names[0] ?? "", body).code).toBe(code);
  expect(get(cluster)?.status?.disruptionsAllowed).toBe(1);
  expect(isGoing(cluster, names[0] ?? "")).toBe(false);
});

test("404 for a pod that is gone", async () => {
  const { cluster } = await guarded();
  using _ = cluster;
  expect(evict(cluster, "nobody")).toMatchObject({ code: 404, reason: "NotFound", message: 'pods "nobody" not found' });
});

test("403 with cause NamespaceTerminating while the namespace goes", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  const { store, clock } = cluster;
  store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "old" } });
  const held = pod("held");
  store.create("pods", { ...held, metadata: { ...held.metadata, namespace: "old", finalizers: ["example.com/hold"] } });
  store.delete("namespaces", null, "old");
  const refusal = new ApiError(403, "Forbidden", "", { causes: [] });
  expect(() => evictPod(store, clock, "old", "held", {})).toThrow(
    expect.objectContaining({ code: refusal.code, message: expect.stringContaining("because it is being terminated") }),
  );
});

test.each<[string, Record<string, unknown>, string]>([
  ["403 for a negative allowance", { disruptionsAllowed: -1 }, "pdb disruptions allowed is negative"],
  [
    "403 for too many unconfirmed evictions",
    { disruptedPods: Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`p${i}`, "2026-01-01T00:00:00Z"])) },
    "DisruptedPods map too big",
  ],
])("%s", async (_, fields, message) => {
  const { cluster, names } = await guarded();
  using _cluster = cluster;
  cluster.store.change<PodDisruptionBudget>(
    budgets,
    "default",
    "keep",
    (copy) => void Object.assign(copy.status ?? {}, fields),
    { subresource: "status" },
  );
  expect(evict(cluster, names[0] ?? "")).toMatchObject({ code: 403, message: expect.stringContaining(message) });
});

test("a dry run answers and changes nothing", async () => {
  const { cluster, names } = await guarded();
  using _ = cluster;
  expect(evict(cluster, names[0] ?? "", { deleteOptions: { dryRun: ["All"] } }).code).toBe(201);
  expect(isGoing(cluster, names[0] ?? "")).toBe(false);
  expect(get(cluster)?.status).toMatchObject({ disruptionsAllowed: 1 });
});

test.each(["Pending", "Succeeded", "Failed"])("a %s pod goes past a budget that allows nothing", async (phase) => {
  const { cluster, names } = await guarded({ maxUnavailable: 0 });
  using _ = cluster;
  expect(evict(cluster, names[0] ?? "").code).toBe(429);
  cluster.store.change<Pod>(
    "pods",
    "default",
    names[0] ?? "",
    (copy) => void Object.assign(copy.status ?? {}, { phase }),
    { subresource: "status" },
  );
  expect(evict(cluster, names[0] ?? "").code).toBe(201);
});

test("a pod that is going already goes past it too", async () => {
  const { cluster, names } = await guarded({ maxUnavailable: 0 });
  using _ = cluster;
  cluster.store.delete("pods", "default", names[0] ?? "");
  expect(evict(cluster, names[0] ?? "").code).toBe(201);
});

test.each<[string, Record<string, unknown>, string[], number]>([
  ["an unhealthy pod goes uncounted while enough others are healthy", { minAvailable: 1 }, ["sick"], 201],
  ["not when too few are", { minAvailable: 2 }, ["sick"], 429],
  ["not when nobody needs to be healthy: then the allowance decides", { minAvailable: 0 }, ["sick", "well"], 429],
  [
    "AlwaysAllow lets it go whatever the others do",
    { minAvailable: 2, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    ["sick", "well"],
    201,
  ],
])("%s", async (_, spec, unready, code) => {
  const { cluster, names } = await guarded(spec);
  using _cluster = cluster;
  const [sick = "", well = ""] = names;
  for (const name of unready) setPodReady(cluster.store, name === "sick" ? sick : well, "False");
  await cluster.clock.advance(500);
  const allowed = get(cluster)?.status?.disruptionsAllowed;
  expect(evict(cluster, sick).code).toBe(code);
  if (code === 201) expect(get(cluster)?.status?.disruptionsAllowed).toBe(allowed);
});

test("an empty selector selects no pod here, though its status counts all", async () => {
  const { cluster, names } = await guarded({ maxUnavailable: 0, selector: {} });
  using _ = cluster;
  expect(get(cluster)?.status?.currentHealthy).toBe(2);
  expect(evict(cluster, names[0] ?? "").code).toBe(201);
});
