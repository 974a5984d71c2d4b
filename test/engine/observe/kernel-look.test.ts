import { expect, test } from "vitest";
import type { ProbeLook, ProbePod } from "../../../src/engine/model/ports/prober.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { kernelsFit } from "../../../src/engine/observe/kernel-look.ts";
import { aPlan } from "../../support/panel/a-plan.ts";
import { said } from "../../support/said.ts";

const fine: ProbeLook = { btf: true, podMtu: 1_450 };

/** Three nodes, of which a probe says this. */
function looking(looks: Readonly<Record<string, ProbeLook>>, version = "1.20.2") {
  const nodes = Object.keys(looks);
  const asked: string[] = [];
  const logged: unknown[] = [];
  const ref = { namespace: "crossfade", name: "probe", uid: "u" };
  const plan = aPlan(nodes);
  const scope = {
    ports: {
      prober: {
        pods: () => Promise.resolve(nodes.map((node) => ({ node, ref, ip: null, ready: true }))),
        look: ({ node }: ProbePod) => {
          asked.push(node);
          return Promise.resolve(looks[node]);
        },
      },
    },
    plan: { ...plan, cilium: { ...plan.cilium, version } },
    memory: new StepMemory(),
    log: (level: string, { code, params }: { code: string; params: object }) => logged.push([level, code, params]),
  };
  return { asked, logged, observe: () => kernelsFit(scope as unknown as RunScope, nodes) };
}

test("a kernel without BTF stops a version that needs it before it is installed, by the node's name", async () => {
  const { observe } = looking({ a: fine, b: { btf: false, podMtu: 1_450 } });
  const seen = await observe();
  expect(seen.done).toBe(false);
  if (!seen.done) expect(said(seen.reason).because).toMatch(/kernel of b to have BTF.*1\.20\.2/);
});

test.each([
  ["an older version", { b: { btf: false, podMtu: null } }, "1.18.12"],
  ["a probe that cannot tell", { b: { btf: null, podMtu: null } }, "1.20.2"],
  ["a kernel that has it", { b: fine }, "1.20.2"],
] as const)("%s goes on", async (_what, looks, version) => {
  expect((await looking({ a: fine, ...looks }, version).observe()).done).toBe(true);
});

test("each node is asked once, and the MTU of its pods is told once", async () => {
  const { asked, logged, observe } = looking({ a: fine, b: fine });
  await observe();
  await observe();
  expect(asked).toEqual(["a", "b"]);
  expect(logged).toEqual([["info", "pod-mtu", { mtu: 1_450, source: "Flannel" }]]);
});

test("nodes whose pods have a smaller MTU are named", async () => {
  const { logged, observe } = looking({ a: fine, b: { btf: true, podMtu: 1_400 } });
  await observe();
  const params = { least: 1_400, most: 1_450, source: "Flannel", nodes: ["b"] };
  expect(logged).toEqual([["warning", "pod-mtus-differ", params]]);
});
