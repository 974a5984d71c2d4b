import { afterEach, expect, test } from "vitest";
import type { Verdict } from "../../../../src/engine/verdict.ts";
import type { KubeObject } from "../../../../src/lab/objects.ts";
import { ScenarioRun } from "../../../support/scenario-run.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

/** The node of the scenarios alone: what happens there is the story. */
const alone = { exclude: ["worker-2"], drainTimeoutMs: 90_000 } as const;
const onlyNodes = { consents: ["nodes"], input: alone } as const;
const pods = { pods: 12 };

const podsOf = (app: string) =>
  story.cluster.pods().filter(({ metadata }) => metadata.labels?.app === app && !metadata.deletionTimestamp);

function said(check: string): Verdict {
  const verdicts = story.run.state.plan?.verdicts ?? story.run.of("run-announced").at(-1)?.plan.verdicts ?? [];
  const found = verdicts.find((verdict) => verdict.check === check);
  if (!found) throw new Error(`preflight said nothing of ${check}`);
  return found;
}

/** Waits until the node says so; answers what clears it. */
async function held(node: string, because: RegExp): Promise<string> {
  const fits = (text: string | undefined) => because.test(text ?? "");
  await story.run.until(`${node} held by ${because}`, () =>
    story.run.of("node-held").some((event) => event.node === node && fits(event.hold?.because)),
  );
  const event = story.run.of("node-held").findLast((one) => one.node === node && fits(one.hold?.because));
  return event?.hold?.clearedBy ?? "";
}

const drainedIn = () =>
  story.run.of("node-step-finished").find(({ node, step }) => node === "worker-1" && step === "drain")?.tookMs;

const drained = () => story.run.until("worker-1 to be drained", () => drainedIn() !== undefined, 60_000);

const moved = (node = "worker-1") =>
  story.run.until(`${node} to be moved`, ({ nodes }) => nodes[node]?.life.phase === "migrated", 60_000);

test("a budget that allows none holds the drain with its numbers, and the drain goes on once it is loosened", async () => {
  story = await ScenarioRun.start("budget-allows-none", { ...onlyNodes, setup: pods });
  const clears = await held(
    "worker-1",
    /^shop\/invoices-\S+: PodDisruptionBudget invoices allows 0 of 2 \(needs 2 healthy, has 2\)/,
  );
  expect(clears).toBe("the budget allowing one more disruption");
  story.world.lab.store.delete("policy/poddisruptionbudgets", "shop", "invoices");
  await drained();
}, 90_000);

test("two budgets on one pod: the API server's own words, then the node fails, untouched but cordoned", async () => {
  story = await ScenarioRun.start("budgets-overlap", { ...onlyNodes, setup: pods });
  const clears = await held(
    "worker-1",
    /^shop\/cache-\S+: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support\./,
  );
  expect(clears).toBe("leave one PodDisruptionBudget that selects the pod, then press r to retry");
  const { step, failure } = await story.fails("worker-1");
  expect([step, failure.code]).toEqual(["drain", "STEP_TIMED_OUT"]);
  expect(failure.message).toContain("still waits for shop/cache-");
  expect(story.cluster.activeFiles("worker-1")[0]).toBe("10-flannel.conflist");
  await story.ask("undo", "worker-1");
  await story.becomes("worker-1", "restored");
  await story.expectTakenBack("worker-1");
}, 90_000);

const refusals = [
  {
    name: "bare-pod",
    check: "bare-pods",
    message: /^1 pod has no controller: shop\/debug$/,
    allow: { deleteBarePods: true },
    app: "debug",
    left: 0,
  },
  {
    name: "data-in-empty-dir",
    check: "empty-dirs",
    message: /^1 pod keeps data in an emptyDir, lost with the move: shop\/uploads-\S+ \(spool\)$/,
    allow: { deleteEmptyDirData: true },
    app: "uploads",
    left: 1,
  },
] as const;

test.each(refusals)(
  "$name: the run does not begin, and goes its way once that is allowed",
  async (refusal) => {
    const { name, check, message, allow, app, left } = refusal;
    story = await ScenarioRun.start(name, { ...onlyNodes, attended: false, setup: pods });
    expect(await story.run.end()).toBe("blocked");
    expect(said(check)).toMatchObject({ level: "blocker", message: expect.stringMatching(message) });
    expect(story.cluster.cordoned).toEqual([]);
    story.again({ ...onlyNodes, input: { ...alone, ...allow } });
    await drained();
    expect(podsOf(app)).toHaveLength(left);
  },
  90_000,
);

test("a pod with a local volume is named before the run, waits for its node, and starts there again", async () => {
  story = await ScenarioRun.start("local-volume", { ...onlyNodes, setup: pods });
  const states = new Set<string>();
  story.world.lab.store.subscribe<KubeObject & { spec: { nodeName?: string } }>("pods", ({ object }) => {
    if (object.metadata.name === "ledger-0") states.add(object.spec.nodeName ?? "nowhere");
  });
  await moved();
  expect(said("pinned-pods")).toMatchObject({
    level: "warning",
    message:
      "1 pod fits one node only, and is away while it moves: shop/ledger-0 on worker-1, by its volume ledger-on-worker-1",
  });
  await story.world.until("the database to run again", () => podsOf("ledger")[0]?.status?.phase === "Running");
  expect([...states].toSorted()).toEqual(["nowhere", "worker-1"]);
  const waits = story.world.lab.store
    .list<KubeObject & { message?: string; reason?: string }>("events", "shop")
    .filter(
      ({ reason, message }) => reason === "FailedScheduling" && message?.includes("volume node affinity conflict"),
    );
  expect(waits.length).toBeGreaterThan(0);
}, 90_000);

test("a pod that its finalizer keeps holds the drain by name, and the drain goes on once that is gone", async () => {
  story = await ScenarioRun.start("pod-kept-by-finalizer", { ...onlyNodes, setup: pods });
  const clears = await held(
    "worker-1",
    /^shop\/archive-\S+, which is deleted but kept by its finalizer example\.com\/archive$/,
  );
  expect(clears).toMatch(/^whoever set it; by hand: kubectl -n shop edit pod archive-/);
  expect(said("stuck-pods").message).toMatch(
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
  await drained();
}, 90_000);

test("a pod that ignores SIGTERM is waited for as long as it may take, and said to", async () => {
  story = await ScenarioRun.start("pod-ignores-sigterm", {
    consents: ["nodes"],
    input: { exclude: ["worker-2"] },
    setup: pods,
  });
  await held("worker-1", /^1 pod to leave: shop\/stubborn-\S+ \(may take 300 s to stop\)$/);
  await drained();
  expect(drainedIn()).toBeGreaterThan(290_000);
}, 90_000);

test("a node whose power goes while it is drained: the silent kubelet is named, nothing is forced, and it goes on once it is back", async () => {
  story = await ScenarioRun.start("kubelet-silent-in-drain", {
    consents: ["nodes"],
    input: { exclude: ["worker-2"] },
    setup: pods,
  });
  const clears = await held("worker-1", /^\S+, which nobody can see stopping: the kubelet of worker-1 is silent/);
  expect(clears).toMatch(/^that kubelet; once worker-1 is surely off: kubectl -n \S+ delete pod \S+ --force$/);
  expect(story.run.life("worker-1")).toMatchObject({ phase: "migrating", step: "drain" });
  story.repair("worker-1");
  await moved();
  expect(story.cluster.cordoned).toEqual([]);
}, 90_000);

test("a Job at work is named before the run; its eviction fails it, as was said", async () => {
  story = await ScenarioRun.start("job-at-work", { ...onlyNodes, setup: pods });
  await drained();
  expect(said("jobs").message).toMatch(
    /^1 pod of Jobs is stopped and begins anew elsewhere, which counts against backoffLimit: shop\/backup-\S+ on worker-1$/,
  );
  const job = story.world.lab.store.get<KubeObject & { status?: { conditions?: { reason?: string }[] } }>(
    "batch/jobs",
    "shop",
    "backup",
  );
  expect(job?.status?.conditions?.at(-1)?.reason).toBe("BackoffLimitExceeded");
}, 90_000);

test("pods that find no room elsewhere wait for their node, as was said, and all of them run in the end", async () => {
  story = await ScenarioRun.start("no-room-elsewhere", { consents: ["nodes"], setup: pods });
  await moved("worker-1");
  await moved("worker-2");
  expect(said("capacity").message).toMatch(
    /^The other nodes have no room for the pods of worker-1 \(\d+m CPU into \d+m\), worker-2 .*; what does not fit waits, Pending, until the node is back$/,
  );
  await story.world.until("both giants to run", () =>
    podsOf("giant").every(({ status }) => status?.phase === "Running"),
  );
  expect(podsOf("giant")).toHaveLength(2);
}, 90_000);

test("a DaemonSet that needs the old CNI's bridge fails its first node with its last words, and works again once that is taken back", async () => {
  story = await ScenarioRun.start("agent-needs-old-cni", { ...onlyNodes, setup: pods });
  const { step, failure } = await story.fails("worker-1");
  expect(said("cni-paths").message).toBe(
    "1 workload mounts the CNI's folders of a node, where the old CNI's file and bridge go: shop/net-accounting (/etc/cni/net.d)",
  );
  expect(step).toBe("verify");
  expect(failure.message).toMatch(
    /still waits for shop\/net-accounting-\S+ to be Ready again, as its DaemonSet is on other nodes \((CrashLoopBackOff, )?exit code 1: Device "cni0" does not exist\.\)$/,
  );
  expect(story.run.state.nodes["control-plane-1"]?.life.phase).toBe("queued");
  await story.ask("undo", "worker-1");
  await story.becomes("worker-1", "restored");
  await story.expectTakenBack("worker-1");
  await story.world.until("the DaemonSet to be whole", () =>
    podsOf("net-accounting").every(({ status }) => status?.phase === "Running"),
  );
}, 90_000);
