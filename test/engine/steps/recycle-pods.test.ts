import { expect, test } from "vitest";
import type { PodFacts } from "../../../src/engine/model/facts.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { rollbackRecycle } from "../../../src/engine/rollback-steps/rollback-recycle.ts";
import { recyclePods } from "../../../src/engine/steps/recycle-pods.ts";
import { aNode, aPod } from "../../support/facts.ts";
import { inWords, told } from "../../support/said.ts";

const old = { ips: ["10.244.1.7"] };
const moved = { ips: ["10.245.1.7"] };
const ofSet = { owner: { kind: "DaemonSet", name: "agent", uid: "set" } } as Partial<PodFacts>;

/** worker-1 with these pods, and what was done to them by uid. */
function nodeWith(...pods: readonly PodFacts[]) {
  const did: string[] = [];
  const here = { pods };
  const scope = {
    node: "worker-1",
    plan: {
      options: {},
      source: { podCidrs: ["10.244.0.0/16"], confFile: "10-flannel.conflist" },
      cilium: { podCidr: "10.245.0.0/16", namespace: "kube-system" },
    },
    memory: new StepMemory(),
    ports: {
      clock: { now: () => 0 },
      cilium: { nodes: () => Promise.resolve([]) },
      nodes: {
        list: () => Promise.resolve([aNode("worker-1")]),
        get: () => Promise.resolve(aNode("worker-1")),
      },
      pods: {
        on: () => Promise.resolve(here.pods),
        onFresh: () => Promise.resolve(here.pods),
        list: () => Promise.resolve(here.pods),
        budgets: () => Promise.resolve([]),
        delete: ({ uid }: PodFacts) => Promise.resolve(void did.push(`delete ${uid}`)),
        evict: ({ uid }: PodFacts) => {
          did.push(`evict ${uid}`);
          return Promise.resolve({ kind: "accepted" });
        },
      },
    },
  };
  return { scope: scope as unknown as NodeScope, did, here };
}

test.each<[string, Partial<PodFacts>, readonly string[]]>([
  ["a DaemonSet's pod with an old address is deleted", { ...old, ...ofSet }, ["delete p"]],
  ["another's is evicted, for budgets to guard", old, ["evict p"]],
  ["one with a new address is let be", { ...moved, ...ofSet }, []],
  ["one on the node's own network is let be", { ips: ["192.168.50.11"], hostNetwork: true, ...ofSet }, []],
  ["one that is finished holds no address", { ...old, phase: "Succeeded" }, []],
  ["one that goes already is not asked again", { ...old, ...ofSet, terminatingAt: 1 }, []],
  ["a static pod nobody but its kubelet can restart", { ...old, mirror: true }, []],
])("%s", async (_what, pod, acts) => {
  const { scope, did } = nodeWith(aPod("shop", "p", { uid: "p", ...pod }));
  await recyclePods.apply(scope);
  expect(did).toEqual(acts);
});

test.each<[string, readonly PodFacts[], object]>([
  ["no pod with an old address is the end of it", [aPod("shop", "p", moved)], { done: true }],
  [
    "one is waited for by name",
    [aPod("shop", "p", { ...old, ...ofSet })],
    { because: expect.stringContaining("shop/p") },
  ],
  [
    "a static one is told as what it is",
    [aPod("kube-system", "etcd", { ...old, mirror: true })],
    { because: "static pods that only their kubelet can restart: kube-system/etcd" },
  ],
])("%s", async (_what, pods, observed) => {
  expect(told(await recyclePods.observe(nodeWith(...pods).scope))).toMatchObject(observed);
});

test.each([
  [
    "migration",
    recyclePods,
    old,
    /^shop\/p got 10\.244\.1\.7 from the old range again, .* 2 times: .* 10-flannel\.conflist$/,
  ],
  [
    "rollback",
    rollbackRecycle,
    moved,
    /^shop\/p got 10\.245\.1\.7 from the new range again, .* 2 times: .* 05-cilium\.conflist$/,
  ],
] as const)(
  "in a %s a third pod of a DaemonSet with the wrong address fails the node",
  async (_way, step, wrong, words) => {
    const { scope, did, here } = nodeWith();
    for (const uid of ["p1", "p2"]) {
      here.pods = [aPod("shop", "p", { uid, ...wrong, ...ofSet })];
      await step.apply(scope);
      await step.apply(scope);
    }
    here.pods = [aPod("shop", "p", { uid: "p3", ...wrong, ...ofSet })];
    await expect(inWords(step.apply(scope))).rejects.toMatchObject({
      code: "VERIFY_FAILED",
      message: expect.stringMatching(words),
    });
    expect(new Set(did)).toEqual(new Set(["delete p1", "delete p2"]));
  },
);

test("one that admission protects keeps none of the others, and is told", async () => {
  const { scope, did } = nodeWith(
    aPod("shop", "kept", { uid: "kept", ...old, ...ofSet }),
    aPod("shop", "free", { uid: "free", ...old, ...ofSet }),
    aPod("shop", "web", { uid: "web", ...old }),
  );
  const { pods } = scope.ports as unknown as { pods: { delete(pod: PodFacts): Promise<void> } };
  pods.delete = ({ uid }) =>
    uid === "kept" ? Promise.reject(new Error("denied")) : Promise.resolve(void did.push(`delete ${uid}`));
  await expect(inWords(recyclePods.apply(scope))).rejects.toThrow("denied");
  expect(did).toEqual(["delete free", "evict web"]);
});
