import { expect, test } from "vitest";
import type { PodFacts } from "../../src/engine/facts.ts";
import { agentAwaited, probeAwaited, startTrouble } from "../../src/engine/start-trouble.ts";
import type { NodeScope } from "../../src/engine/step.ts";
import { undoSource } from "../../src/engine/undo-steps/undo-source.ts";
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
  ["a single crash", { restarts: 1, lastFailure: "exit code 1: no" }, " (p: 1 restart, exit code 1: no)"],
  ["a restart of its machine", { restarts: 1, lastFailure: "" }, ""],
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

const untold = (over: Partial<PodFacts>, name = "crossfade-probe", namespace = "crossfade") =>
  ({
    pods: {
      list: () => Promise.resolve([aPod(namespace, "p", { owner: ownedBy("DaemonSet", name), ready: false, ...over })]),
    },
    workloads: { failedCreate: () => Promise.resolve(null) },
  }) as unknown as Parameters<typeof probeAwaited>[0];

test("a probe that is waited for in a node's verification or rollback says why it does not start", async () => {
  const notStarted = "ErrImagePull: no such image";
  expect((await probeAwaited(untold({ notStarted }), "worker-1")).because).toBe(
    "a probe pod on worker-1 to be Ready (p: ErrImagePull: no such image)",
  );
  expect((await probeAwaited(untold({ notStarted, node: "worker-2" }), "worker-1")).because).toBe(
    "a probe pod on worker-1 to be Ready",
  );
});

test("so does an agent that is not there, also where it is rolled back", async () => {
  const notStarted = "Unschedulable: 1 node had untolerated taint {dedicated: apps}";
  const scope = {
    ports: untold({ notStarted, node: null }, "cilium", "kube-system"),
    plan: { cilium: { namespace: "kube-system" } },
  } as unknown as Parameters<typeof agentAwaited>[0];
  expect((await agentAwaited(scope, "worker-1")).because).toBe(
    "an agent pod on worker-1 (p: Unschedulable: 1 node had untolerated taint {dedicated: apps})",
  );
});

test("so does the old CNI's pod on the way back", async () => {
  const notStarted = "ErrImagePull: no such image";
  const pods = [
    aPod("kube-flannel", "f", { owner: ownedBy("DaemonSet", "kube-flannel-ds"), uid: "new", ready: false, notStarted }),
  ];
  const scope = {
    ports: { pods: { on: () => Promise.resolve(pods), list: () => Promise.resolve(pods) } },
    plan: { source: { namespace: "kube-flannel", daemonSets: ["kube-flannel-ds"] } },
    node: "worker-1",
    stepSince: 0,
    before: { outgoing: { step: "undo-source", uid: "old", at: 0 } },
    acts: new Set(),
  } as unknown as NodeScope;
  expect(await undoSource.observe(scope)).toMatchObject({ because: "f to be Ready (f: ErrImagePull: no such image)" });
});
