import { afterEach, expect, test } from "vitest";
import { ScenarioRun } from "../../../support/lab/scenario-run.ts";
import { textOf } from "../../../support/log-line.ts";
import { said, saidOf } from "../../../support/said.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

test("a node that never comes back fails with since when its kubelet is silent, and is retried once it is on again", async () => {
  story = await ScenarioRun.start("node-never-returns");
  const { failure, step } = await story.fails("worker-1");
  expect(step).toBe("reboot");
  expect(saidOf(failure).message).toMatch(
    /^"reboot" on worker-1 still waits for worker-1 to come back: its kubelet is silent since \d\d:\d\d:\d\d UTC$/,
  );
  expect(saidOf(failure).remedy).toContain(
    "press s to move the others meanwhile; once it is gone for good: kubectl delete node worker-1",
  );
  expect(story.cluster.cordoned).toEqual(["worker-1"]);
  expect(story.run.state.nodes["worker-2"]?.state.phase).toBe("queued");
  story.repair("worker-1");
  await story.ask("retry", "worker-1");
  expect(await story.run.end()).toBe("migrated");
  story.expectMigrated();
});

test("a node that is gone for good and deleted is let go, and the run goes on without it", async () => {
  story = await ScenarioRun.start("node-never-returns", { consents: ["nodes"], setup: { nodes: 4 } });
  await story.fails("worker-1");
  story.world.lab.removeNode("worker-1");
  await story.run.until("the last consent", ({ asking }) => asking === "finalize");
  expect(story.run.of("log").some((line) => textOf(line) === "worker-1 left the cluster and is let go")).toBe(true);
  expect(story.cluster.cordoned).toEqual([]);
});

test("one that is skipped while it is off is set aside, the others are moved, and it is taken back once it is on again", async () => {
  story = await ScenarioRun.start("node-never-returns", { consents: ["nodes"], setup: { nodes: 4 } });
  await story.fails("worker-1");
  await story.ask("skip", "worker-1");
  await story.becomes("worker-1", "deferred");
  await story.becomes("worker-2", "migrated");
  await story.run.until("the run to wait for it", ({ hold }) => hold?.reason.clearedBy === "person");
  expect(said(story.run.state.hold).because).toBe(
    "worker-1 to become Ready: rollback to the old CNI deferred until then",
  );
  expect(story.cluster.cordoned).toEqual(["worker-1"]);
  story.repair("worker-1");
  await story.becomes("worker-1", "rolled-back");
  await story.expectRolledBack("worker-1");
  await story.run.ask({ request: "include", nodes: ["worker-1"], by: "tester" });
  await story.run.until("the last consent", ({ asking }) => asking === "finalize");
  expect(story.cluster.cordoned).toEqual([]);
});

test("another engine takes a node back that one before it had set aside", async () => {
  const headless = { attended: false, consents: ["nodes"], setup: { nodes: 4 } } as const;
  story = await ScenarioRun.start("node-never-returns", { ...headless, input: { onNodeFailure: "skip" } });
  expect(await story.run.end()).toBe("failed");
  expect(story.ended()).toContain("worker-1 to become Ready: rollback");
  expect(story.cluster.cordoned).toEqual(["worker-1"]);
  story.repair("worker-1");
  await story.world.until("worker-1 to be on", () => story.cluster.isReady("worker-1"));
  story.again(headless);
  await story.becomes("worker-1", "rolled-back");
  expect(await story.run.end()).toBe("failed");
  expect(story.ended()).toContain('worker-1 to be included (worker-1 failed at "reboot")');
  await story.expectRolledBack("worker-1");
});

test("a command that undoes one node waits for it, and moves nobody else, also once it is deleted", async () => {
  const headless = { attended: false, consents: ["nodes"] } as const;
  story = await ScenarioRun.start("node-never-returns", headless);
  expect(await story.run.end()).toBe("failed");
  story.again({ ...headless, rollback: { node: "worker-1" } });
  await story.run.until("the way back to wait", ({ nodes }) => {
    const { state, hold = null } = nodes["worker-1"] ?? {};
    return state?.phase === "rolling-back" && hold !== null;
  });
  story.world.lab.removeNode("worker-1");
  expect(await story.run.end()).toBe("rolled-back");
  expect(story.ended()).toBe(
    "worker-1 is not in the cluster any more; the run is paused, and crossfade resume goes on with the others",
  );
  expect(story.run.of("node-step-started")).toEqual([]);
});

test("a run that is undone although one of its nodes is off goes back with the others, and ends with whom it waits for", async () => {
  const headless = { attended: false, consents: ["nodes"], setup: { nodes: 4 } } as const;
  story = await ScenarioRun.start("node-never-returns", { ...headless, input: { onNodeFailure: "skip" } });
  expect(await story.run.end()).toBe("failed");
  story.again({ ...headless, rollback: "all" });
  expect(await story.run.end()).toBe("failed");
  expect(story.ended()).toContain("worker-1 to become Ready: rollback");
  for (const node of ["worker-2", "worker-3", "control-plane-1"]) {
    expect(story.cluster.activeFiles(node)).toEqual(["10-flannel.conflist"]);
  }
  expect(story.cluster.cordoned).toEqual(["worker-1"]);
  story.repair("worker-1");
  await story.world.until("worker-1 to be on", () => story.cluster.isReady("worker-1"));
  story.again({ ...headless, rollback: "all" });
  expect(await story.run.end()).toBe("rolled-back");
  expect(story.cluster.cordoned).toEqual([]);
});

test("a node that comes back NotReady fails with its kubelet's own reason, and goes on once that is mended", async () => {
  story = await ScenarioRun.start("node-back-not-ready", { consents: ["nodes"] });
  const { failure, step } = await story.fails("worker-1");
  expect(step).toBe("wait-ready");
  expect(saidOf(failure).message).toBe(
    '"wait-ready" on worker-1 still waits for worker-1 to be Ready (KubeletNotReady: [container runtime is down])',
  );
  expect(saidOf(failure).remedy).toBe("repair worker-1 and press r, or press u to roll it back");
  await story.ask("rollback", "worker-1");
  await story.becomes("worker-1", "deferred");
  story.repair("worker-1");
  await story.becomes("worker-1", "rolled-back");
  await story.expectRolledBack("worker-1");
});

test("a node that comes back with the same bootID fails, and goes on once a person says that it was restarted", async () => {
  story = await ScenarioRun.start("node-back-same-boot");
  const { failure, step } = await story.fails("worker-1");
  expect({ step, code: failure.code }).toEqual({ step: "reboot", code: "REBOOT_FAILED" });
  expect(saidOf(failure).message).toMatch(
    /^worker-1 went down and came back with the same bootID \([0-9a-f]{8}\): its kernel was not restarted, as in a container$/,
  );
  await story.run.ask({ request: "rebooted", node: "worker-1", by: "tester" });
  expect(await story.run.end()).toBe("migrated");
  story.expectMigrated();
});

test("a node that comes back under another address is warned of, proven by traffic, and moved", async () => {
  story = await ScenarioRun.start("node-back-new-address");
  expect(await story.run.end()).toBe("migrated");
  expect(story.run.of("log").map(textOf)).toContain(
    "worker-1 came back under another address: 172.18.100.3, before 172.18.0.3; traffic will tell",
  );
  story.expectMigrated();
  expect(story.cluster.broken).toEqual([]);
});
