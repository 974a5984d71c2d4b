import { expect, test } from "vitest";
import type { ProbePod, ProbeTarget } from "../../../src/engine/model/ports/prober.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { verifyInstall } from "../../../src/engine/run-steps/verify-install.ts";
import { aPlan } from "../../support/panel/a-plan.ts";
import { said } from "../../support/said.ts";

const names = ["a", "b", "c"];

const agentTaint = { key: "node.cilium.io/agent-not-ready", value: "", effect: "NoSchedule" };

/** Three nodes with Cilium, of which one's own questions go unanswered until it is whole; others may bear the agent's taint. */
function proving(broken: { node: string | null }, tainted: readonly string[] = []) {
  const asked: string[] = [];
  const pods = names.map((node, index) => ({
    node,
    ref: { namespace: "crossfade", name: `probe-${node}`, uid: node },
    ip: `10.244.${index}.2`,
    ready: true,
  }));
  const ports = {
    cilium: {
      crdsNotEstablished: () => Promise.resolve([]),
      nodeConfigs: () => Promise.resolve([]),
      agents: () => Promise.resolve(names.map((node) => ({ node, ready: true, ref: { namespace: "", name: "" } }))),
      nodes: () =>
        Promise.resolve(
          names.map((name, at) => ({ name, podCidrs: [`10.245.${at}.0/24`], error: "", healthIp: `10.245.${at}.9` })),
        ),
      agentStatus: () => Promise.resolve({ writesCniConf: false, cniFile: "Disabled" }),
    },
    hosts: { cniFiles: () => Promise.resolve([]) },
    nodes: {
      list: () =>
        Promise.resolve(
          [...new Set([...names, ...tainted])].map((name) => ({
            name,
            labels: {},
            taints: tainted.includes(name) ? [agentTaint] : [],
          })),
        ),
    },
    pods: {
      list: () =>
        Promise.resolve(
          names.map((node) => ({
            node,
            namespace: "kube-flannel",
            owner: { kind: "DaemonSet", name: "kube-flannel-ds" },
            ready: true,
          })),
        ),
    },
    prober: {
      pods: () => Promise.resolve(pods),
      probe: (from: ProbePod, targets: readonly ProbeTarget[]) => {
        asked.push(from.node);
        const answer = from.node === broken.node ? { result: "lost", error: "timed out" } : { result: "good" };
        return Promise.resolve(targets.map(() => answer));
      },
    },
  };
  const scope = {
    ports,
    plan: aPlan(names),
    nodes: names,
    memory: new StepMemory(),
    signal: new AbortController().signal,
  };
  return { scope: scope as unknown as RunScope, asked };
}

test("while one node's traffic does not pass, the others, whose did, are not asked again; all pass in the end", async () => {
  const broken = { node: "b" as string | null };
  const { scope, asked } = proving(broken);
  const first = await verifyInstall.observe(scope);
  expect(said(first).because).toContain("b → ");
  expect(asked.toSorted()).toEqual(["a", "a", "b", "c", "c"]);
  asked.length = 0;
  expect(await verifyInstall.observe(scope)).toMatchObject({ done: false });
  expect(asked).toEqual(["b"]);
  broken.node = null;
  expect(await verifyInstall.observe(scope)).toEqual({ done: true });
});

test("the operator's taint is waited for on a node of the run, and on no other", async () => {
  const whole = { node: null };
  expect(said(await verifyInstall.observe(proving(whole, ["b"]).scope))).toMatchObject({
    because: "the taint node.cilium.io/agent-not-ready to be removed from b",
  });
  expect(await verifyInstall.observe(proving(whole, ["excluded"]).scope)).toEqual({ done: true });
});
