import { expect, test } from "vitest";
import type { NodeFacts } from "../../../src/engine/model/facts.ts";
import type { Before } from "../../../src/engine/model/node-state.ts";
import type { RebootMethod } from "../../../src/engine/model/plan-types.ts";
import type { AgentPod } from "../../../src/engine/model/ports/cilium.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { reboot } from "../../../src/engine/steps/reboot.ts";
import { aNode } from "../../support/facts.ts";
import { inWords, told } from "../../support/said.ts";

const minute = 60_000;
const noon = Date.parse("2026-01-05T12:00:00Z");
const privileged: RebootMethod = { method: "privileged-pod", image: "x" };
const asked = { bootId: "one", at: noon, readySince: noon - minute, agent: { uid: "u1", restarts: 1 } };
const untouched: Before = { at: noon, cordoned: false, bootId: "one", cniFiles: [], agentUid: "u1" };
const before: Before = { ...untouched, rebootAsked: asked };
const agent = (restarts: number) => ({ node: "worker-1", ref: { uid: "u1" }, restarts }) as AgentPod;

interface Situation {
  readonly method?: RebootMethod;
  readonly node?: Partial<NodeFacts>;
  readonly agents?: readonly AgentPod[];
  readonly before?: Before | null;
  readonly declaredRebooted?: boolean;
}

/** A node on its way, the moment of the look, and what was asked of the machine. */
function situation({ method = privileged, node, agents = [agent(1)], declaredRebooted = false, ...over }: Situation) {
  const reboots: string[] = [];
  // No command of an engine before is under way any more.
  const clock = { at: noon + 3 * minute };
  const scope = {
    node: "worker-1",
    plan: { options: { reboot: method } },
    before: over.before === undefined ? before : over.before,
    stepSince: noon,
    memory: new StepMemory(),
    declaredRebooted,
    log: () => undefined,
    remember: (next: Before) => {
      scope.before = next;
      return Promise.resolve();
    },
    ports: {
      clock: { now: () => clock.at },
      nodes: { get: () => Promise.resolve(aNode("worker-1", { bootId: "one", readySince: noon - minute, ...node })) },
      cilium: { agents: () => Promise.resolve(agents) },
      pods: { on: () => Promise.resolve([]), onFresh: () => Promise.resolve([]) },
      rebooter: {
        reboot: ({ bootId }: NodeFacts) => {
          reboots.push(bootId);
          return Promise.resolve();
        },
      },
    },
  };
  return { scope: scope as unknown as NodeScope, reboots, clock };
}

const docker: RebootMethod = { method: "kind" };
const off = { ready: false, notReadyReason: "NodeStatusUnknown", notReadyMessage: "no news", readySince: noon };

test.each<[string, Situation, object]>([
  ["another bootID", { node: { bootId: "two" } }, { done: true }],
  ["another bootID, and it is not Ready yet", { node: { ...off, bootId: "two" } }, { done: true }],
  ["the same bootID, and it never went away", {}, { done: false, because: expect.stringContaining("worker-1") }],
  [
    "a kubelet that is silent",
    { node: off },
    {
      done: false,
      because: expect.stringMatching(/its kubelet is silent since 12:00:00/),
      remedy: expect.stringContaining("kubectl delete node worker-1"),
    },
  ],
  [
    "a kubelet that says why it is not Ready",
    { node: { ready: false, notReadyReason: "KubeletNotReady", notReadyMessage: "[container runtime is down]" } },
    { done: false, because: expect.stringContaining("KubeletNotReady: [container runtime is down]") },
  ],
  ["a person's word that it was restarted", { declaredRebooted: true }, { done: true }],
  ["a container whose agent was started again", { method: docker, agents: [agent(2)] }, { done: true }],
  ["a container whose agent was not", { method: docker }, { done: false, clearedBy: "docker" }],
  ["another bootID, though docker was to restart it", { method: docker, node: { bootId: "two" } }, { done: true }],
  ["no reboot wished for", { method: { method: "none" }, before: null }, { done: true }],
  ["a person who is to reboot it", { method: { method: "manual" } }, { done: false, needsPerson: true }],
  ["nothing known of before, and any bootID", { before: null, node: { bootId: "two" } }, { done: false }],
])("after a reboot: %s", async (_what, given, observed) => {
  expect(told(await reboot.observe(situation(given).scope))).toMatchObject(observed);
});

test("a node that went away and is back with the same bootID fails, once its kubelet had time to say another", async () => {
  const { scope, clock } = situation({ node: { readySince: noon + minute }, agents: [agent(2)] });
  expect(told(await reboot.observe(scope))).toMatchObject({ done: false, dueInMs: expect.any(Number) });
  clock.at += 29_000;
  expect(told(await reboot.observe(scope))).toMatchObject({ done: false });
  clock.at += 1_000;
  await expect(inWords(reboot.observe(scope))).rejects.toMatchObject({
    code: "REBOOT_FAILED",
    message: expect.stringContaining("came back with the same bootID (one)"),
  });
});

test.each<[string, Situation, readonly string[]]>([
  ["is asked for once, however often it is looked at", {}, ["one"]],
  ["is not asked for by who reboots by hand", { method: { method: "manual" } }, []],
  ["is not asked for where none is wished for", { method: { method: "none" } }, []],
  ["is not asked for of a node that has had it", { node: { bootId: "two" } }, []],
])("a reboot %s", async (_what, given, wanted) => {
  const { scope, reboots } = situation(given);
  for (let look = 0; look < 3; look += 1) await reboot.apply(scope);
  expect(reboots).toEqual(wanted);
});

test("a command of the engine before is not run again while it may be at work, and once more after that", async () => {
  const { scope, reboots, clock } = situation({ method: { method: "command", argv: ["reboot", "{node}"] } });
  clock.at = noon + minute;
  await reboot.apply(scope);
  expect(reboots).toEqual([]);
  expect(told(await reboot.observe(scope))).toMatchObject({
    done: false,
    because: expect.stringContaining("the engine before"),
  });
  clock.at = noon + 150_000;
  await reboot.apply(scope);
  expect(reboots).toEqual(["one"]);
});

test("what was asked for is remembered before it is asked for: a crash between the two asks no second time", async () => {
  const { scope } = situation({ before: untouched });
  await reboot.apply(scope);
  expect(scope.before?.rebootAsked).toMatchObject({
    bootId: "one",
    at: noon + 3 * minute,
    agent: { uid: "u1", restarts: 1 },
  });
});
