import { expect, test } from "vitest";
import type { Code } from "../../../src/engine/model/reason.ts";
import { precheck } from "../../../src/engine/steps/precheck.ts";
import { aPod } from "../../support/facts.ts";
import { codeOf, lookedAt, nodeScope, type Situation } from "../../support/node-scope.ts";

/** As a node is that nothing was done to. */
const untouched: Situation = { node: { labels: {} }, probeIp: "10.244.1.2", files: ["10-flannel.conflist"] };

test.each<[string, Situation, Code | null]>([
  ["is as it was recorded, and reaches its neighbours", {}, null],
  ["is not Ready", { node: { ready: false, notReadyReason: "KubeletNotReady" } }, "node-unready"],
  ["belongs to an old CNI whose DaemonSet is gone", { sourceGone: true }, "source-daemonset-missing"],
  ["has an agent that is not Ready", { agent: { ready: false } }, "agent-not-ready"],
  ["has a neighbour whose agent is not Ready", { otherAgent: { ready: false } }, "agent-not-ready"],
  [
    "has one that is deferred and known to be broken",
    { otherAgent: { ready: false }, excludedOrDeferred: ["worker-2"] },
    null,
  ],
  ["is not recorded yet", { before: null }, "node-not-recorded"],
  ["has no probe pod", { probeIp: null }, "probes-not-ready"],
  ["does not reach its neighbour", { answer: { result: "lost", error: "timed out" } }, "source-traffic-lost"],
  ["could not be asked whether it does", { answer: { result: "unknown", why: "no exec" } }, "traffic-not-measured"],
])("a node that %s", async (_what, given, code) => {
  const observed = await precheck.observe(nodeScope({ ...untouched, ...given }).scope);
  expect(codeOf(observed)).toBe(code);
});

test("a pod that no drain may take fails the node before it is touched", async () => {
  const pods = [aPod("shop", "debug", { owner: null })];
  await expect(precheck.observe(nodeScope({ ...untouched, pods }).scope)).rejects.toMatchObject({
    code: "DRAIN_REFUSED",
  });
});

test("what the node is like is recorded once, and nothing else is done", async () => {
  const pods = [
    aPod("monitoring", "exporter-1", {
      ready: false,
      owner: { kind: "DaemonSet", apiVersion: "apps/v1", name: "exporter", uid: "e" },
    }),
  ];
  const { scope, did } = nodeScope({ ...untouched, before: null, pods });
  await precheck.apply(scope);
  expect(did).toEqual([
    `remember ${JSON.stringify({
      at: lookedAt,
      cordoned: false,
      bootId: "boot-worker-1",
      address: "192.168.50.11",
      cniFiles: ["10-flannel.conflist"],
      agentUid: "agent-worker-1",
      agentRestarts: 0,
      daemonsDown: ["monitoring/exporter"],
    })}`,
  ]);
});

test.each<[string, Situation]>([
  ["recorded already", {}],
  ["not whole", { before: null, node: { labels: {}, ready: false } }],
])("a node that is %s is not recorded", async (_what, given) => {
  const { scope, did } = nodeScope({ ...untouched, ...given });
  await precheck.apply(scope);
  expect(did).toEqual([]);
});
