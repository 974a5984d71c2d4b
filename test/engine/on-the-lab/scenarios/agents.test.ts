import type { KubeObject } from "crossfade-lab/objects.ts";
import { afterEach, expect, test } from "vitest";
import { ScenarioRun } from "../../../support/lab/scenario-run.ts";
import { textOf } from "../../../support/log-line.ts";
import { saidOf } from "../../../support/said.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

test("an agent that crash-loops is made anew once, then fails its node with its last words, and is taken back", async () => {
  story = await ScenarioRun.start("agent-crash-loops", { consents: ["nodes"] });
  const agents = new Set<string>();
  story.world.lab.store.subscribe<KubeObject & { spec: { nodeName?: string } }>("pods", ({ object }) => {
    if (object.metadata.labels?.["k8s-app"] === "cilium" && object.spec.nodeName === "worker-1")
      agents.add(object.metadata.name);
  });
  const { failure, step } = await story.fails("worker-1");
  await story.run.until("the end of the retries", ({ hold }) => hold?.reason.clearedBy === "person");
  expect(step).toBe("wait-ready");
  expect(saidOf(failure).message).toBe(
    "the Cilium agent on worker-1 crash-loops (4 restarts): exit code 1: failed to start: unable to load bpf program: cannot allocate memory",
  );
  expect({ failed: story.run.of("node-failed").length, agents: agents.size }).toEqual({ failed: 2, agents: 2 });
  expect(story.run.of("log").map(textOf)).toContain('trying "wait-ready" on worker-1 again by itself (retry 1)');
  await story.ask("rollback", "worker-1");
  await story.becomes("worker-1", "rolled-back");
  await story.expectRolledBack("worker-1");
});

test("one whose cause is mended is retried by a person and moved", async () => {
  story = await ScenarioRun.start("agent-crash-loops", { input: { retries: 0 } });
  await story.fails("worker-1");
  story.repair("worker-1");
  await story.ask("retry", "worker-1");
  expect(await story.run.end()).toBe("migrated");
  story.expectMigrated();
});

test("an agent that only believes that it wrote its file fails the node with the files that it has", async () => {
  story = await ScenarioRun.start("cni-file-lost", { input: { retries: 0 }, consents: ["nodes"] });
  const { failure, step } = await story.fails("worker-1");
  expect(step).toBe("wait-ready");
  expect(saidOf(failure).message).toBe(
    '"wait-ready" on worker-1 still waits for 05-cilium.conflist on worker-1: its agent says that it wrote it, and the node has 10-flannel.conflist',
  );
  expect(saidOf(failure).remedy).toContain("cni.confPath in your values");
  story.repair("worker-1");
  await story.ask("retry", "worker-1");
  await story.becomes("worker-1", "migrated");
});

test("a pod that gets an old address again after the switch fails the node instead of being recreated for ever", async () => {
  story = await ScenarioRun.start("old-address-again", { input: { retries: 0 }, consents: ["nodes"] });
  const { failure, step } = await story.fails("worker-1");
  expect({ step, code: failure.code }).toEqual({ step: "recycle-pods", code: "VERIFY_FAILED" });
  expect(saidOf(failure).message).toMatch(
    /^\S+\/\S+ got 10\.244\.\d+\.\d+ from the old range again, though it was recreated 2 times: the container runtime of worker-1 still uses 10-flannel\.conflist$/,
  );
  await story.ask("rollback", "worker-1");
  await story.becomes("worker-1", "rolled-back");
  await story.expectRolledBack("worker-1");
});
