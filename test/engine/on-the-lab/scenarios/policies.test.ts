import { afterEach, expect, test } from "vitest";
import { type ScenarioChoice, ScenarioRun } from "../../../support/lab/scenario-run.ts";
import { inWords } from "../../../support/said.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

const headless: ScenarioChoice = { attended: false, consents: ["nodes"] };
const before =
  "the Cilium agent on worker-1 crash-loops (4 restarts): exit code 1: failed to start: unable to load bpf program: cannot allocate memory";

test("rollback: the failed node is taken back and the run ends; a command retries it and goes on", async () => {
  story = await ScenarioRun.start("agent-crash-loops", {
    ...headless,
    input: { onNodeFailure: "rollback", retries: 0 },
  });
  expect(await story.run.end()).toBe("failed");
  expect(story.ended()).toBe(`worker-1 failed at "wait-ready" and was rolled back to its old CNI: ${before}`);
  await story.expectRolledBack("worker-1");
  expect(story.run.of("node-step-started").some(({ node }) => node === "worker-2")).toBe(false);

  story.again(headless);
  expect(await story.run.end()).toBe("failed");
  expect(story.run.of("node-step-started")).toEqual([]);
  story.repair("worker-1");
  story.again({ ...headless, firstRequest: { request: "retry", node: "worker-1" } });
  expect(await story.run.end()).toBe("waiting");
  expect(story.ended()).toContain("--consent finalize");
  expect(Object.values(story.cluster.confInCharge())).toEqual(Array(3).fill("05-cilium.conflist"));
  expect(story.cluster.cordoned).toEqual([]);
});

test("skip: the failed node is taken back and left out, the others are moved, and the end says for whose sake it waits", async () => {
  story = await ScenarioRun.start("agent-crash-loops", { ...headless, input: { onNodeFailure: "skip", retries: 0 } });
  expect(await story.run.end()).toBe("failed");
  expect(story.ended()).toBe(
    'worker-1 to be included (worker-1 failed at "wait-ready"): Cilium can take the cluster over only when every node is moved',
  );
  await story.expectRolledBack("worker-1");
  expect(story.cluster.activeFiles("worker-2")).toEqual(["05-cilium.conflist"]);
  expect(story.cluster.activeFiles("control-plane-1")).toEqual(["05-cilium.conflist"]);
  expect(story.cluster.cordoned).toEqual([]);
});

test("stop: the failed node stays as it is, the same command asks again, and a command leaves it out", async () => {
  story = await ScenarioRun.start("agent-crash-loops", { ...headless, input: { retries: 0 } });
  expect(await story.run.end()).toBe("failed");
  expect(story.ended()).toBe(`worker-1 failed at "wait-ready": ${before}`);
  expect(story.cluster.cordoned).toEqual(["worker-1"]);
  story.again({ ...headless, firstRequest: { request: "retry", node: "worker-2" } });
  await expect(inWords(story.run.engine.ended)).rejects.toMatchObject({
    code: "USAGE",
    message: "worker-2 has not failed: there is nothing to retry",
  });
  story.again({ ...headless, firstRequest: { request: "skip", node: "worker-1" } });
  expect(await story.run.end()).toBe("waiting");
  expect(story.ended()).toContain("worker-1 to be included");
  await story.expectRolledBack("worker-1");
  expect(story.cluster.activeFiles("worker-2")).toEqual(["05-cilium.conflist"]);
});
