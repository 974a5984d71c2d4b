import { afterEach, expect, test } from "vitest";
import type { StepId } from "../../../src/engine/model/node-state.ts";
import { expectOld, restored } from "../../support/lab/expect-old.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { type LabRun, World } from "../../support/lab/lab-run.ts";

let world: World;
let cluster: ClusterView;
afterEach(() => world.close());

async function open(setup: Parameters<typeof World.make>[0]): Promise<void> {
  world = await World.make(setup);
  cluster = new ClusterView(world.lab);
}

/** Undoes the node as soon as it begins this step. */
const rollbackAt = (node: string, step: StepId) => (event: { readonly type: string }, run: LabRun) => {
  if (event.type !== "node-step-started" || !("step" in event) || event.step !== step) return;
  void run.engine.ask({ request: "rollback", node, by: "tester" });
};

test("a node is undone from whatever step it is at, and moved again", async () => {
  await open({ seed: 21 });
  let onEvent: ReturnType<typeof rollbackAt> = rollbackAt("worker-1", "precheck");
  const run = world.start({
    consents: ["nodes"],
    input: { exclude: ["worker-2", "control-plane-1"] },
    onEvent: (event, of) => onEvent(event, of),
  });
  await restored(run, "worker-1");
  await expectOld(world, "worker-1", false);
  const steps = ["drain", "enable-cilium", "reboot", "wait-ready", "recycle-pods", "verify", "uncordon"];
  for (const step of steps as StepId[]) {
    onEvent = rollbackAt("worker-1", step);
    await run.ask({ request: "include", nodes: ["worker-1"], by: "tester" });
    await run.until(`an undo at ${step}`, ({ nodes }) => nodes["worker-1"]?.state.phase === "rolling-back");
    await restored(run, "worker-1");
    await expectOld(world, "worker-1", false);
  }
  onEvent = () => undefined;
  await run.ask({ request: "include", nodes: ["worker-1"], by: "tester" });
  await run.until("worker-1 to be moved", ({ nodes }) => nodes["worker-1"]?.state.phase === "migrated");
  expect(cluster.activeFiles("worker-1")).toEqual(["05-cilium.conflist"]);
  await run.ask({ request: "rollback", node: "worker-1", by: "tester" });
  await restored(run, "worker-1");
  await expectOld(world, "worker-1", false);
});

test("an engine that takes up a run which was to pause after a half-moved node moves that node first", async () => {
  await open({ seed: 24 });
  const first = world.start({
    consents: ["nodes"],
    onEvent: (event, { engine }) => {
      if (event.type !== "node-step-started" || event.step !== "enable-cilium") return;
      void engine.ask({ request: "pause", by: "tester" }).then(() => engine.stop());
    },
  });
  expect(await first.end()).toBe("interrupted");
  const [half = "", next = ""] = first.state.order;
  expect(first.nodeState(half)).toMatchObject({ phase: "migrating" });
  const second = world.start({ consents: ["nodes"] });
  await second.until("the pause to take hold", ({ pace }) => pace === "paused");
  expect(cluster.activeFiles(half)).toEqual(["05-cilium.conflist"]);
  expect(cluster.cordoned).toEqual([]);
  await second.ask({ request: "resume", by: "tester" });
  await second.until(`${next} to be in its drain`, ({ nodes }) => {
    const state = nodes[next]?.state;
    return state?.phase === "migrating" && state.step === "drain";
  });
  await second.ask({ request: "pause", by: "tester" });
  await second.until("the pause", ({ pace }) => pace === "paused");
  await second.ask({ request: "rollback", node: next, by: "tester" });
  await restored(second, next);
  expect(second.state.pace).toBe("paused");
  await expectOld(world, next, false);
});
