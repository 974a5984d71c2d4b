import { expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import type { PodRef } from "../../../src/engine/model/facts.ts";
import type { Before } from "../../../src/engine/model/node-state.ts";
import type { AgentPod } from "../../../src/engine/model/ports/cilium.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { recreateAgent, recreatedAgents } from "../../../src/engine/observe/agent/recreate-agent.ts";
import { outgoing, replace } from "../../../src/engine/observe/outgoing.ts";

const ref: PodRef = { namespace: "kube-system", name: "cilium-1", uid: "u1" };
const known: Before = { at: 0, cordoned: false, bootId: "b", cniFiles: [], agentUid: "u1" };

/** A node whose pods the API server does not let go at first. */
function refusing(times: number, before: Before | null = null) {
  const asked: string[] = [];
  const remembered: Before[] = [];
  const pods = {
    delete: ({ uid }: PodRef) => {
      asked.push(uid);
      return asked.length > times ? Promise.resolve() : Promise.reject(new Unavailable("502 Bad Gateway"));
    },
  };
  const scope = {
    ports: { pods, clock: { now: () => 7 } },
    node: "worker-1",
    before,
    stepSince: 0,
    memory: new StepMemory(),
    remember: (next: Before) => {
      remembered.push(next);
      scope.before = next;
      return Promise.resolve();
    },
  };
  return { scope: scope as unknown as NodeScope, asked, remembered };
}

/** As the engine does: what could not be asked is asked again at the next look. */
async function looks(many: number, act: () => Promise<void>): Promise<void> {
  for (let look = 0; look < many; look += 1) {
    await act().catch((thrown: unknown) => {
      if (!(thrown instanceof Unavailable)) throw thrown;
    });
  }
}

test("an agent whose deletion was lost is deleted again, and once it was taken never more", async () => {
  const { scope, asked } = refusing(2);
  await looks(6, () => recreateAgent(scope, { ref } as AgentPod));
  expect(asked).toEqual(["u1", "u1", "u1"]);
  expect(recreatedAgents(scope)).toBe(1);
});

test.each([
  ["without a memory", null],
  ["with one", known],
] as const)("on the way back too, %s, and the pod that went is known from its successor", async (_how, before) => {
  const { scope, asked, remembered } = refusing(2, before);
  await looks(6, () => replace(scope, "rollback-agent", ref));
  expect(asked).toEqual(["u1", "u1", "u1"]);
  expect(outgoing(scope, "rollback-agent")).toBe("u1");
  expect(remembered.length).toBe(before === null ? 0 : 1);
});
