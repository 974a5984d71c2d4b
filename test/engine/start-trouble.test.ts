import { expect, test } from "vitest";
import type { PodFacts } from "../../src/engine/facts.ts";
import { startTrouble } from "../../src/engine/start-trouble.ts";
import { aPod, ownedBy } from "../support/facts.ts";

const probe = { namespace: "crossfade", name: "crossfade-probe" };
const daemon = (name: string, over: Partial<PodFacts>) =>
  aPod("crossfade", name, { owner: ownedBy("DaemonSet", "crossfade-probe"), ready: false, ...over });

const told = (pods: readonly PodFacts[], failed: string | null = null) =>
  startTrouble(
    {
      pods: { list: () => Promise.resolve(pods) },
      workloads: { failedCreate: () => Promise.resolve(failed) },
    } as unknown as Parameters<typeof startTrouble>[0],
    probe,
  );

test.each([
  [
    "an image that is not there",
    { notStarted: 'ImagePullBackOff: Back-off pulling image "x"' },
    ' (p: ImagePullBackOff: Back-off pulling image "x")',
  ],
  [
    "nodes that are all tainted",
    { node: null, notStarted: "Unschedulable: 0/3 nodes are available" },
    " (p: Unschedulable: 0/3 nodes are available)",
  ],
  [
    "a crash loop",
    { notStarted: "CrashLoopBackOff", restarts: 4, lastFailure: "exit code 1: no" },
    " (p: CrashLoopBackOff, 4 restarts, exit code 1: no)",
  ],
  ["a pod that is only slow", {}, ""],
] as const)("%s", async (_what, over, said) => {
  expect(await told([daemon("p", over)])).toBe(said);
});

test("pods that may not be made are explained by their controller's event", async () => {
  expect(await told([], 'pods "p" is forbidden: exceeded quota: small')).toBe(
    ' (no pod of crossfade-probe may be made: pods "p" is forbidden: exceeded quota: small)',
  );
  expect(await told([])).toBe("");
});

test("pods of a Deployment are known by their ReplicaSet, and others of a like name are not", async () => {
  const operator = { namespace: "kube-system", name: "cilium-operator" };
  const pods = [
    aPod("kube-system", "o", {
      owner: ownedBy("ReplicaSet", "cilium-operator-7d4"),
      ready: false,
      notStarted: "Unschedulable: no",
    }),
    aPod("kube-system", "x", {
      owner: ownedBy("ReplicaSet", "cilium-operator-old-7d4"),
      ready: false,
      notStarted: "other",
    }),
  ];
  const ports = { pods: { list: () => Promise.resolve(pods) } } as unknown as Parameters<typeof startTrouble>[0];
  expect(await startTrouble(ports, operator)).toBe(" (o: Unschedulable: no)");
});
