import { expect, test } from "vitest";
import type { ProbePod } from "../../../src/engine/model/ports/prober.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { mtuProven } from "../../../src/engine/observe/mtu-proven.ts";
import { aPlan } from "../../support/panel/a-plan.ts";
import { said } from "../../support/said.ts";

/** Two nodes whose pods have these MTUs, and a network that carries full packets or does not. */
function proving(mtus: Record<string, number | null>, planned?: number) {
  const nodes = Object.keys(mtus);
  const world = { now: 0, mtus, passes: true };
  const logged: unknown[] = [];
  const plan = aPlan(nodes);
  const scope = {
    ports: {
      clock: { now: () => world.now },
      pods: { list: () => Promise.resolve([]) },
      cilium: { nodes: () => Promise.resolve([]) },
      prober: {
        pods: () =>
          Promise.resolve(
            nodes.map((node, at) => ({
              node,
              ref: { namespace: "crossfade", name: `probe-${node}`, uid: node },
              ip: `10.245.${at}.2`,
              ready: true,
            })),
          ),
        look: ({ node }: ProbePod) => Promise.resolve({ btf: true, podMtu: world.mtus[node] ?? null }),
        probe: (_from: ProbePod, targets: readonly unknown[]) =>
          Promise.resolve(
            targets.map(() =>
              world.passes ? { result: "good", tookMs: 1 } : { result: "lost", error: "large packet" },
            ),
          ),
      },
    },
    plan: { ...plan, cilium: { ...plan.cilium, ...(planned === undefined ? {} : { mtu: planned }) } },
    nodes,
    memory: new StepMemory(),
    log: (level: string, { code, params }: { code: string; params: object }) => logged.push([level, code, params]),
    signal: new AbortController().signal,
  };
  return { world, logged, observe: () => mtuProven(scope as unknown as RunScope) };
}

test("pods that Cilium has not followed on yet are waited for, and what is proven is told once", async () => {
  const { world, logged, observe } = proving({ a: 1_500, b: 1_450 });
  expect(said(await observe()).because).toContain("MTU 1500 on every node, which they have not on b: 1450");
  world.mtus = { a: 1_500, b: 1_500 };
  expect(await observe()).toEqual({ done: true });
  expect(await observe()).toEqual({ done: true });
  expect(logged).toEqual([["info", "pod-mtus-proven", { mtu: 1_500, nodes: 2 }]]);
});

test("what the plan says counts, not what all happen to have", async () => {
  const { world, observe } = proving({ a: 1_450, b: 1_450 }, 1_500);
  expect((await observe()).done).toBe(false);
  world.mtus = { a: 1_500, b: 1_500 };
  expect((await observe()).done).toBe(true);
});

test("a node that stays behind is named after a minute and stops no one", async () => {
  const { world, logged, observe } = proving({ a: 1_500, b: 1_400 });
  await observe();
  world.now = 60_000;
  expect((await observe()).done).toBe(true);
  expect(logged).toEqual([["warning", "pod-mtus-other", { wanted: 1_500, nodes: ["b: 1400"] }]]);
});

test("packets of full size that are lost are waited for, whatever the devices say", async () => {
  const { world, observe } = proving({ a: 1_500, b: 1_500 });
  world.passes = false;
  expect(said(await observe()).because).toContain("large packet");
  world.passes = true;
  expect((await observe()).done).toBe(true);
});

test("where no probe can tell, traffic alone decides", async () => {
  const { logged, observe } = proving({ a: null, b: null });
  expect(await observe()).toEqual({ done: true });
  expect(logged).toEqual([]);
});
