import type { KubeObject } from "crossfade-lab/objects.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import type { StepId } from "../../../src/engine/model/node-state.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { type LabRun, World } from "../../support/lab/lab-run.ts";
import { said, saidOf } from "../../support/said.ts";

/**
 * One migration in which everything gets in the way. Each test takes the run from one node to the next, so they go in
 * this order; what is to happen at a step is done the moment the step begins.
 */
let world: World;
let cluster: ClusterView;
let run: LabRun;
let drainBeganAt = 0;
const atStep = new Map<string, () => void>();
const at = (node: string, step: StepId, act: () => void) => atStep.set(`${node} ${step}`, act);

/** Each happens once. */
function happen(event: EngineEvent): void {
  if (event.type !== "node-step-started") return;
  const what = `${event.node} ${event.step}`;
  atStep.get(what)?.();
  atStep.delete(what);
}

beforeAll(async () => {
  world = await World.make({ seed: 31, speed: 40 });
  cluster = new ClusterView(world.lab);
  at("worker-1", "drain", () => {
    drainBeganAt = world.lab.clock.now();
    allowAtLeast(3);
  });
  run = world.start({ onEvent: happen });
});
afterAll(() => world.close());

function allowAtLeast(minAvailable: number): void {
  world.lab.store.change("policy/poddisruptionbudgets", "shop", "cart", (copy) => {
    copy["spec"] = { ...(copy["spec"] as object), minAvailable };
  });
}

function cordon(node: string, unschedulable: boolean): void {
  world.lab.store.change("nodes", null, node, (copy) => {
    copy["spec"] = { ...(copy["spec"] as object), unschedulable };
  });
}

const holdOf = (node: string) => run.state.nodes[node]?.hold;
const phaseOf = (node: string) => run.state.nodes[node]?.state.phase;

test("a drain that a budget blocks names pod, budget and its numbers", async () => {
  const words = /^shop\/cart-\S+: PodDisruptionBudget cart allows 0 of 3 \(needs 3 healthy, has 3\)/;
  await run.until("the budget to block", () => words.test(said(holdOf("worker-1")).because));
  expect(said(holdOf("worker-1")).object).toMatch(/^Pod shop\/cart-/);
  expect(cluster.cordoned).toEqual(["worker-1"]);
});

test("a pause in mid-drain takes hold at once, and a resumed drain goes on waiting", async () => {
  await run.ask({ request: "pause", by: "tester" });
  await run.until("the pause", ({ pace }) => pace === "paused");
  expect(run.nodeState("worker-1")).toMatchObject({ phase: "migrating", step: "drain" });
  expect(cluster.cordoned).toEqual(["worker-1"]);
  expect((await world.ports().records.run())?.paused).toBe(true);
  await run.ask({ request: "resume", by: "tester" });
  await run.until("the pause's hold to be gone", ({ hold }) => hold === null);
});

test("a node that somebody uncordons in mid-drain is cordoned again, and said so", async () => {
  cordon("worker-1", false);
  await world.until("worker-1 to be cordoned again", () => cluster.cordoned.includes("worker-1"));
  const told = () => run.of("log").some(({ note, node }) => note.code === "cordoned-again" && node === "worker-1");
  await run.until("it to be told", told);
});

test("a loosened budget is heard of at once, long before the back-off ends", async () => {
  let evictedAt = 0;
  const stop = world.lab.store.subscribe<KubeObject>("pods", ({ object }) => {
    const { deletionTimestamp, name } = object.metadata;
    if (deletionTimestamp && name.startsWith("cart-") && evictedAt === 0) evictedAt = world.lab.clock.now();
  });
  // By then it asks every 30 s only.
  await world.until("a long back-off", () => world.lab.clock.now() - drainBeganAt > 40_000);
  evictedAt = 0;
  const before = world.lab.clock.now();
  at("worker-1", "restart-agent", () => void run.engine.ask({ request: "pause", by: "tester" }));
  allowAtLeast(2);
  await world.until("an eviction", () => evictedAt > 0);
  stop();
  expect(evictedAt - before).toBeLessThan(10_000);
});

test("a pause after the hand-over takes hold when the node is through", async () => {
  await run.until("the pause to be taken", ({ pace }) => pace === "pausing");
  expect(run.state.takesHoldAt).toBe("after worker-1 is moved and uncordoned");
  await run.until("the pause to take hold", ({ pace }) => pace === "paused");
  expect(cluster.activeFiles("worker-1")).toEqual(["05-cilium.conflist"]);
  expect(cluster.cordoned).toEqual([]);
  expect(phaseOf("worker-2")).toBe("queued");
});

const bare = (name: string, node: string, volumes: readonly object[]): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: {
    nodeName: node,
    containers: [{ name: "agnhost", image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: ["netexec"] }],
    volumes,
  },
});

test("pods that no drain may evict fail the node at its gate, all named, with nothing touched", async () => {
  at("worker-2", "precheck", () => {
    world.lab.store.create("pods", bare("alone", "worker-2", []));
    world.lab.store.create("pods", bare("keeper", "worker-2", [{ name: "scratch", emptyDir: {} }]));
  });
  const joined = world.lab.addNode();
  expect(joined).toBe("worker-3");
  const podsBefore = cluster.pods().filter(({ spec }) => spec.nodeName === "worker-2");
  await run.ask({ request: "resume", by: "tester" });
  await run.until("worker-2 to fail", () => phaseOf("worker-2") === "failed");
  const state = run.nodeState("worker-2");
  expect(state).toMatchObject({ phase: "failed", step: "precheck", failure: { code: "DRAIN_REFUSED" } });
  const message = state?.phase === "failed" ? saidOf(state.failure).message : "";
  expect(message).toContain("default/alone: it has no controller");
  expect(message).toContain("default/keeper: it keeps data in emptyDir scratch");
  expect(cluster.cordoned).toEqual([]);
  expect(cluster.labelled).toEqual(["worker-1"]);
  for (const { metadata } of podsBefore) {
    const { deletionTimestamp } = world.lab.store.get("pods", metadata.namespace ?? "", metadata.name)?.metadata ?? {};
    expect([metadata.name, deletionTimestamp]).toEqual([metadata.name, undefined]);
  }
});

test("a node that vanishes in mid-move is let go, one that joined is moved, one that its owner cordons stays so", async () => {
  for (const name of ["alone", "keeper"]) world.lab.store.delete("pods", "default", name, { graceSeconds: 0 });
  await world.until(
    "the pods to be gone",
    () => !cluster.pods().some(({ metadata: { namespace } }) => namespace === "default"),
  );
  at("worker-2", "enable-cilium", () => {
    world.lab.removeNode("worker-2");
    cordon("control-plane-1", true);
  });
  await run.ask({ request: "retry", node: "worker-2", by: "tester" });
  expect(await run.end()).toBe("migrated");
  expect(cluster.nodeNames.toSorted()).toEqual(["control-plane-1", "worker-1", "worker-3"]);
  expect(run.of("node-vanished").map(({ node }) => node)).toEqual(["worker-2"]);
  expect(run.of("node-joined").map(({ node }) => node)).toEqual(["worker-3"]);
  expect(Object.values(cluster.confInCharge())).toEqual(Array(3).fill("05-cilium.conflist"));
  expect(cluster.podsAt("10.244.")).toEqual([]);
  expect(cluster.cordoned).toEqual(["control-plane-1"]);
  expect(cluster.ours).toEqual([]);
});
