import type { KubeObject } from "crossfade-lab/objects.ts";
import { afterEach, expect, test } from "vitest";
import { ScenarioRun } from "../../../support/lab/scenario-run.ts";
import { Told } from "../../../support/lab/told.ts";
import { saidOf } from "../../../support/said.ts";

/** The node of the scenarios alone: what happens there is the story. */
const alone = { exclude: ["worker-2"], drainTimeoutMs: 90_000 } as const;
const onlyNodes = { consents: ["nodes"], input: alone } as const;
const pods = { pods: 12 };

let story: ScenarioRun;
let told: Told;
afterEach(() => story.world.close());

async function start(...choice: Parameters<typeof ScenarioRun.start>): Promise<void> {
  story = await ScenarioRun.start(...choice);
  told = new Told(story);
}

test("a budget that allows none holds the drain with its numbers, and the drain goes on once it is loosened", async () => {
  await start("budget-allows-none", { ...onlyNodes, setup: pods });
  const clears = await told.held(
    /^shop\/invoices-\S+: PodDisruptionBudget invoices allows 0 of 2 \(needs 2 healthy, has 2\)/,
  );
  expect(clears).toBe("the budget allowing one more disruption");
  story.world.lab.store.delete("policy/poddisruptionbudgets", "shop", "invoices");
  await told.drained();
});

test("two budgets on one pod: the API server's own words, then the node fails, untouched but cordoned", async () => {
  await start("budgets-overlap", { ...onlyNodes, setup: pods });
  const clears = await told.held(
    /^shop\/cache-\S+: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support\./,
  );
  expect(clears).toBe("leave one PodDisruptionBudget that selects the pod, then retry");
  const { step, failure } = await story.fails("worker-1");
  expect([step, failure.code]).toEqual(["drain", "STEP_TIMED_OUT"]);
  expect(saidOf(failure).message).toContain("still waits for shop/cache-");
  expect(story.cluster.activeFiles("worker-1")[0]).toBe("10-flannel.conflist");
  await story.ask("rollback", "worker-1");
  await story.becomes("worker-1", "rolled-back");
  await story.expectRolledBack("worker-1");
});

test("a webhook that denies an eviction with a 500 is no outage: pod, webhook and words are told, the others leave, its operator moves the pod", async () => {
  const input = { exclude: ["worker-2"], drainTimeoutMs: 600_000 };
  await start("eviction-denied", { consents: ["nodes"], input, setup: { ...pods, speed: 40 } });
  const clears = await told.held(
    /^shop\/broker-\S+: admission webhook "drain-cleaner\.operators\.example" denied the request: The pod will be rolled by the operator$/,
  );
  expect(clears).toBe('admission webhook "drain-cleaner.operators.example" letting the pod go');
  await told.drained();
  expect(story.run.of("run-held").filter(({ hold }) => hold?.reason.code === "api-unavailable")).toEqual([]);
});

test("a webhook that is down keeps its own pods only, and the drain's limit fails the node by its policy", async () => {
  await start("eviction-webhook-down", { ...onlyNodes, setup: pods });
  const { step, failure } = await story.fails("worker-1");
  expect([step, failure.code]).toEqual(["drain", "STEP_TIMED_OUT"]);
  expect(saidOf(failure).message).toMatch(
    /still waits for shop\/guarded-\S+: failed calling webhook "evictions\.policy\.example": failed to call webhook: Post \S+: no endpoints available for service "policy-svc" \(and \d+ more pods held\)$/,
  );
  expect(saidOf(failure).remedy).toContain("kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations");
  const stay = story.cluster
    .pods()
    .filter(({ spec, metadata }) => spec?.nodeName === "worker-1" && metadata.namespace === "shop");
  expect(stay.filter(({ metadata }) => !metadata.name.startsWith("guarded-"))).toEqual([]);
});

test("a pod that its finalizer keeps holds the drain by name, and the drain goes on once that is gone", async () => {
  await start("pod-kept-by-finalizer", { ...onlyNodes, setup: pods });
  const clears = await told.held(
    /^shop\/archive-\S+, which is deleted but kept by its finalizer example\.com\/archive$/,
  );
  expect(clears).toMatch(/^the controller that set it; by hand: kubectl -n shop edit pod archive-/);
  expect(told.said("stuck-pods").message).toMatch(
    /1 pod may outlast a drain: shop\/archive-\S+ \(finalizer example\.com\/archive\)/,
  );
  const { store } = story.world.lab;
  store.subscribe<KubeObject>("pods", ({ type, object }) => {
    if (type === "DELETED" || !object.metadata.finalizers?.length) return;
    queueMicrotask(() => {
      store.change("pods", "shop", object.metadata.name, (copy: KubeObject) => {
        copy.metadata.finalizers = [];
      });
    });
  });
  await told.drained();
});

test("a pod that ignores SIGTERM is waited for as long as it may take, and said to", async () => {
  await start("pod-ignores-sigterm", {
    consents: ["nodes"],
    input: { exclude: ["worker-2"] },
    setup: pods,
  });
  await told.held(/^1 pod to leave: shop\/stubborn-\S+ \(may take 300 s to stop\)$/);
  await told.drained();
  expect(told.drainedInMs).toBeGreaterThan(290_000);
});

test("a node whose power goes while it is drained: the silent kubelet is named, nothing is forced, and it goes on once it is back", async () => {
  await start("kubelet-silent-in-drain", {
    consents: ["nodes"],
    input: { exclude: ["worker-2"] },
    setup: pods,
  });
  const clears = await told.held(/^\S+, whose end cannot be observed: the kubelet of worker-1 is silent/);
  expect(clears).toMatch(/^that kubelet; once worker-1 is surely off: kubectl -n \S+ delete pod \S+ --force$/);
  expect(story.run.nodeState("worker-1")).toMatchObject({ phase: "migrating", step: "drain" });
  story.repair("worker-1");
  await told.moved();
  expect(story.cluster.cordoned).toEqual([]);
});
