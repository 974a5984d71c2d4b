import { expect, test } from "vitest";
import type { PodFacts } from "../../../src/engine/model/facts.ts";
import type { Code } from "../../../src/engine/model/reason.ts";
import { verify } from "../../../src/engine/steps/verify.ts";
import { aPod } from "../../support/facts.ts";
import { codeOf, nodeScope, type Situation } from "../../support/node-scope.ts";

const daemon = (over: Partial<PodFacts>) =>
  aPod("monitoring", "exporter-1", {
    ips: ["10.245.1.9"],
    owner: { kind: "DaemonSet", apiVersion: "apps/v1", name: "exporter", uid: "e" },
    ...over,
  });
const taint = { key: "node.cilium.io/agent-not-ready", value: "", effect: "NoSchedule" };

/** In the order of the proofs: what fails first is what is told. */
const table: readonly (readonly [string, Situation, Code | null])[] = [
  ["has moved, and reaches everybody", {}, null],
  ["lost its label", { node: { labels: {} } }, "label-removed"],
  ["is not Ready", { node: { ready: false, notReadyReason: "KubeletNotReady" } }, "node-unready"],
  ["has no network yet", { node: { networkUnavailable: true } }, "network-unavailable"],
  ["has no agent", { agent: null }, "agent-missing"],
  ["has an agent that is not Ready", { agent: { ready: false } }, "agent-not-ready"],
  ["bears the agent's taint", { node: { taints: [taint] } }, "agent-taint"],
  ["has the old CNI's file too", { files: ["05-cilium.conflist", "10-flannel.conflist"] }, "other-cni-files"],
  ["has a meta plugin in front on purpose", { files: ["00-multus.conf", "05-cilium.conflist"] }, null],
  ["has no CiliumNode", { ciliumNode: null }, "pod-cidrs-missing"],
  ["has no range of its own", { ciliumNode: { podCidrs: [] } }, "pod-cidrs-missing"],
  ["was refused a range", { ciliumNode: { error: "pool exhausted" } }, "cilium-node-error"],
  ["has a pod with an old address", { pods: [daemon({ ips: ["10.244.1.9"] })] }, "pods-leaving"],
  ["has no probe pod", { probeIp: null }, "probes-not-ready"],
  ["has a probe pod with an old address", { probeIp: "10.244.1.2" }, "probe-not-on-cilium"],
  ["has a probe pod whose endpoint is not ready", { endpoint: "regenerating" }, "endpoint-not-ready"],
  ["has one without an endpoint", { endpoint: null }, "endpoint-not-ready"],
  ["does not reach its neighbour", { answer: { result: "lost", error: "timed out" } }, "cilium-traffic-lost"],
  ["could not be asked whether it does", { answer: { result: "unknown", why: "no exec" } }, "traffic-not-measured"],
  ["has a DaemonSet's pod that does not come back", { pods: [daemon({ ready: false })] }, "daemonset-pod-not-ready"],
];

test.each(table)("a node that %s", async (_what, given, code) => {
  const { scope, did } = nodeScope(given);
  const observed = await verify.observe(scope);
  expect(codeOf(observed)).toBe(code);
  expect(did).toEqual([]);
});

test("a DaemonSet whose pod was down before the node was touched proves nothing", async () => {
  const { scope } = nodeScope({ pods: [daemon({ ready: false })], before: { daemonsDown: ["monitoring/exporter"] } });
  expect((await verify.observe(scope)).done).toBe(true);
});

test.each<[string, Situation, readonly string[]]>([
  ["has read its CiliumNodeConfig is let be", {}, []],
  ["is not Ready is waited for", { agent: { ready: false } }, []],
  ["let the node go is made again", { status: { writesCniConf: false } }, ["delete agent-worker-1"]],
  [
    "let it go for want of a CiliumNodeConfig gets that first",
    { status: { writesCniConf: false }, nodeConfig: false },
    ["write cilium-default", "delete agent-worker-1"],
  ],
])("an agent that %s", async (_what, given, acts) => {
  const { scope, did } = nodeScope(given);
  await verify.apply(scope);
  expect(did).toEqual(acts);
});
