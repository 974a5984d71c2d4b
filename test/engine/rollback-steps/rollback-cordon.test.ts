import { expect, test } from "vitest";
import type { NodeFacts } from "../../../src/engine/model/facts.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { rollbackCordon } from "../../../src/engine/rollback-steps/rollback-cordon.ts";
import { aNode, aPod } from "../../support/facts.ts";
import { told } from "../../support/said.ts";

interface Situation {
  readonly node?: Partial<NodeFacts>;
  readonly ips?: readonly string[];
  readonly files?: readonly string[];
  readonly rebootPod?: boolean;
}

/** A node on its way back, with one pod, and what was done to it. */
function situation({ node, ips = ["10.244.1.7"], files = ["10-flannel.conflist"], rebootPod = false }: Situation) {
  const did: string[] = [];
  const facts = aNode("worker-1", node);
  const ours = aPod("crossfade", "crossfade-reboot-1", { labels: { app: "crossfade-reboot" }, hostNetwork: true });
  const pods = [aPod("shop", "p", { ips }), ...(rebootPod ? [ours] : [])];
  const scope = {
    node: "worker-1",
    plan: { source: { podCidrs: ["10.244.0.0/16"] }, cilium: { podCidr: "10.245.0.0/16" } },
    ports: {
      cilium: { nodes: () => Promise.resolve([]) },
      nodes: {
        get: () => Promise.resolve(facts),
        list: () => Promise.resolve([facts]),
        cordon: () => Promise.resolve(void did.push("cordon")),
      },
      pods: { on: () => Promise.resolve(pods), onFresh: () => Promise.resolve(pods) },
      hosts: { cniFiles: () => Promise.resolve(files.map((name) => ({ name, content: "" }))) },
      rebooter: { tidy: () => Promise.resolve(void did.push("tidy")) },
    },
  };
  return { scope: scope as unknown as NodeScope, did };
}

const labelled = { labels: { "io.cilium.migration/cilium-default": "true" } };
const silent = { ready: false, notReadyReason: "NodeStatusUnknown", readySince: 0 };

test.each<[string, Situation, readonly string[], object]>([
  ["nothing of which moved stays as it is", {}, ["tidy"], { done: true }],
  ["with the label is cordoned", { node: labelled }, ["tidy", "cordon"], { done: false }],
  ["with a new address is cordoned", { ips: ["10.245.1.7"] }, ["tidy", "cordon"], { done: false }],
  ["with Cilium's file is cordoned", { files: ["05-cilium.conflist"] }, ["tidy", "cordon"], { done: false }],
  ["cordoned already is done", { node: { ...labelled, cordoned: true } }, ["tidy", "cordon"], { done: true }],
  [
    "that is off is waited for, cordoned, with its kubelet's silence",
    { node: { ...labelled, ...silent, cordoned: true } },
    ["tidy", "cordon"],
    { done: false, because: expect.stringContaining("its kubelet is silent") },
  ],
  [
    "with our reboot pod waits for its end, or a later one would be taken for done",
    { node: { ...labelled, cordoned: true }, rebootPod: true },
    ["tidy", "cordon"],
    { done: false, because: expect.stringContaining("crossfade-reboot-1") },
  ],
])("on the way back a node %s", async (_what, given, acts, observed) => {
  const { scope, did } = situation(given);
  expect(told(await rollbackCordon.observe(scope))).toMatchObject(observed);
  await rollbackCordon.apply(scope);
  expect(did).toEqual(acts);
});
