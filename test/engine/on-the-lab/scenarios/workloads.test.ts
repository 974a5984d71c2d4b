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

test.each(refusals)("$name: the run does not begin, and goes its way once that is allowed", async (refusal) => {
  const { name, check, message, allow, app, left } = refusal;
  await start(name, { ...onlyNodes, attended: false, setup: pods });
  expect(await story.run.end()).toBe("blocked");
  expect(told.said(check)).toMatchObject({ level: "blocker", message: expect.stringMatching(message) });
  expect(story.cluster.cordoned).toEqual([]);
  story.again({ ...onlyNodes, input: { ...alone, ...allow } });
  await told.drained();
  expect(told.podsOf(app)).toHaveLength(left);
  expect(story.run.nodeState("worker-2")).toEqual({ phase: "excluded", because: "excluded on the command line" });
});

test("a pod with a local volume is named before the run, waits for its node, and starts there again", async () => {
  await start("local-volume", { ...onlyNodes, setup: pods });
  const states = new Set<string>();
  story.world.lab.store.subscribe<KubeObject & { spec: { nodeName?: string } }>("pods", ({ object }) => {
    if (object.metadata.name === "ledger-0") states.add(object.spec.nodeName ?? "nowhere");
  });
  await told.moved();
  expect(told.said("pinned-pods")).toMatchObject({
    level: "warning",
    message:
      "1 pod fits one node only, and is down until that node is back: shop/ledger-0 on worker-1, by its volume ledger-on-worker-1",
  });
  await story.world.until("the database to run again", () => told.podsOf("ledger")[0]?.status?.phase === "Running");
  expect([...states].toSorted()).toEqual(["nowhere", "worker-1"]);
  const waits = story.world.lab.store
    .list<KubeObject & { message?: string; reason?: string }>("events", "shop")
    .filter(
      ({ reason, message }) => reason === "FailedScheduling" && message?.includes("volume node affinity conflict"),
    );
  expect(waits.length).toBeGreaterThan(0);
});

test("a Job at work is named before the run; its eviction fails it, as was said", async () => {
  await start("job-at-work", { ...onlyNodes, setup: pods });
  await told.drained();
  expect(told.said("jobs").message).toMatch(
    /^1 pod of Jobs is evicted and restarts elsewhere, which counts against backoffLimit: shop\/backup-\S+ on worker-1$/,
  );
  const job = story.world.lab.store.get<KubeObject & { status?: { conditions?: { reason?: string }[] } }>(
    "batch/jobs",
    "shop",
    "backup",
  );
  expect(job?.status?.conditions?.at(-1)?.reason).toBe("BackoffLimitExceeded");
});

test("pods that find no room elsewhere wait for their node, as was said, and all of them run in the end", async () => {
  await start("no-room-elsewhere", { consents: ["nodes"], setup: pods });
  await told.moved("worker-1");
  await told.moved("worker-2");
  expect(told.said("capacity").message).toMatch(
    /^The other nodes have no room for the pods of worker-1 \(\d+m CPU into \d+m\), worker-2 .*; what does not fit stays Pending until the node is back$/,
  );
  await story.world.until("both giants to run", () =>
    told.podsOf("giant").every(({ status }) => status?.phase === "Running"),
  );
  expect(told.podsOf("giant")).toHaveLength(2);
});

test("a DaemonSet that needs the old CNI's bridge fails its first node with its last words, and works again once that is taken back", async () => {
  await start("agent-needs-old-cni", { ...onlyNodes, setup: pods });
  await told.held(/^shop\/net-accounting-\S+ to be Ready again/);
  await story.run.until("the proof to give up", ({ nodes }) => nodes["worker-1"]?.state.phase === "failed", 60_000);
  const { step, failure } = await story.fails("worker-1");
  expect(told.said("cni-paths").message).toBe(
    "1 workload mounts CNI directories of its node, and the old CNI's configuration and bridge are removed there: shop/net-accounting (/etc/cni/net.d)",
  );
  expect(step).toBe("verify");
  expect(saidOf(failure).message).toMatch(
    /still waits for shop\/net-accounting-\S+ to be Ready again, as its DaemonSet is on other nodes \((CrashLoopBackOff, )?(\d+ restarts?, )?exit code 1: Device "cni0" does not exist\.\)$/,
  );
  expect(story.run.state.nodes["control-plane-1"]?.state.phase).toBe("queued");
  await story.ask("rollback", "worker-1");
  await story.becomes("worker-1", "rolled-back");
  await story.expectRolledBack("worker-1");
  await story.world.until("the DaemonSet to be whole", () =>
    told.podsOf("net-accounting").every(({ status }) => status?.phase === "Running"),
  );
});
