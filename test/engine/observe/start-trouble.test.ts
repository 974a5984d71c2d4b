import { expect, test } from "vitest";
import type { PodFacts } from "../../../src/engine/model/facts.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { agentAwaited, probeAwaited, startTrouble } from "../../../src/engine/observe/start-trouble.ts";
import { rollbackSource } from "../../../src/engine/rollback-steps/rollback-source.ts";
import { reboot } from "../../../src/engine/steps/reboot.ts";
import { troubleWords } from "../../../src/words/waits/start-trouble-words.ts";
import { aNode, aPod, ownedBy } from "../../support/facts.ts";
import { said } from "../../support/said.ts";

const probe = { namespace: "crossfade", name: "crossfade-probe" };
const daemon = (name: string, over: Partial<PodFacts>) =>
  aPod("crossfade", name, { owner: ownedBy("DaemonSet", "crossfade-probe"), ready: false, ...over });

const told = async (pods: readonly PodFacts[], failed: string | null = null) => {
  const ports = {
    pods: { list: () => Promise.resolve(pods) },
    workloads: { failedCreate: () => Promise.resolve(failed) },
  } as unknown as Parameters<typeof startTrouble>[0];
  return troubleWords(await startTrouble(ports, probe));
};

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
  expect(troubleWords(await startTrouble(ports, operator))).toBe(" (o: Unschedulable: no)");
});

const untold = (over: Partial<PodFacts>, name = "crossfade-probe", namespace = "crossfade") =>
  ({
    pods: {
      list: () => Promise.resolve([aPod(namespace, "p", { owner: ownedBy("DaemonSet", name), ready: false, ...over })]),
    },
    workloads: { failedCreate: () => Promise.resolve(null) },
  }) as unknown as Parameters<typeof probeAwaited>[0];

/** Each in the words of whoever says it: kubelet, scheduler, API server. */
test.each<[string, string | null]>([
  ['ImagePullBackOff: Back-off pulling image "x"', "a registry that gives the node this image"],
  ["ErrImageNeverPull: Container image is not present with pull policy of Never", "a registry that gives"],
  ['InvalidImageName: Failed to apply default image tag "X"', "a registry that gives"],
  [
    'pods "p" is forbidden: violates PodSecurity "baseline:latest": hostPath volumes (volume "cni")',
    "kubectl label --overwrite namespace crossfade pod-security.kubernetes.io/enforce=privileged",
  ],
  [
    'pods "p" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2',
    "room in ResourceQuota crossfade/small (kubectl -n crossfade edit quota small)",
  ],
  [
    'pods "p" is forbidden: failed quota: cpu: must specify limits.cpu for: probe',
    "room in ResourceQuota crossfade/cpu",
  ],
  [
    'pods "p" is forbidden: insufficient quota to match these scopes: [{PriorityClass In [system-node-critical]}]',
    "a ResourceQuota in namespace crossfade that admits pods of this PriorityClass",
  ],
  [
    'pods "p" is forbidden: [minimum cpu usage per Container is 50m, but request is 5m, maximum memory usage per Pod is 8Mi]',
    "a LimitRange in namespace crossfade that allows this",
  ],
  ["cpu max limit to request ratio per Container is 2, but provided ratio is 100.000000", "a LimitRange in namespace"],
  [
    'admission webhook "policy.example" denied the request: no host paths',
    "webhook policy.example letting the pod pass",
  ],
  ["Unschedulable: 0/3 nodes are available: 3 node(s) had untolerated taint {a: b}", "a node without such a taint"],
  ["Unschedulable: 0/3 nodes are available: 3 node(s) were unschedulable.", "a node that is not cordoned"],
  ["Unschedulable: 0/3 nodes are available: 3 Insufficient cpu, 1 other.", "a node with more free cpu"],
  ["Unschedulable: 0/3 nodes are available: 3 Too many pods.", "a node that the scheduler finds fit"],
  ["CrashLoopBackOff, 4 restarts, exit code 1: no", null],
])("what clears it: %s", async (words, remedy) => {
  const { clearedBy, ...rest } = said(await probeAwaited(untold({ notStarted: words }), "worker-1"));
  expect(clearedBy).toContain(remedy ?? "its DaemonSet");
  expect(rest.remedy ?? null).toEqual(remedy === null ? null : expect.stringContaining(remedy));
});

test("a reboot pod that does not start is why its node does not go down", async () => {
  const pod = (over: Partial<PodFacts>) =>
    aPod("crossfade", "crossfade-reboot-1", { labels: { app: "crossfade-reboot" }, ready: false, ...over });
  const node = aNode("worker-1", { ready: true, bootId: "one" });
  const seen = async (over: Partial<PodFacts>) =>
    said(
      await reboot.observe({
        node: "worker-1",
        plan: { options: { reboot: { method: "privileged-pod", image: "x" } } },
        before: { bootId: "one" },
        memory: new StepMemory(),
        ports: {
          nodes: { get: () => Promise.resolve(node) },
          cilium: { agents: () => Promise.resolve([]) },
          pods: { on: () => Promise.resolve([pod(over)]) },
        },
      } as unknown as NodeScope),
    );
  expect(await seen({ phase: "Pending", notStarted: 'ErrImagePull: "x"' })).toMatchObject({
    because: expect.stringMatching(/^worker-1 to go down: .* \(crossfade-reboot-1: ErrImagePull: "x"\)$/),
    clearedBy: expect.stringContaining("a registry that gives"),
  });
  expect(await seen({ phase: "Running" })).toMatchObject({ clearedBy: "the node's reboot" });
});

test("a probe that is waited for in a node's verification or rollback says why it does not start", async () => {
  const notStarted = "ErrImagePull: no such image";
  expect(said(await probeAwaited(untold({ notStarted }), "worker-1")).because).toBe(
    "the probe pod on worker-1 to be Ready (p: ErrImagePull: no such image)",
  );
  expect(said(await probeAwaited(untold({ notStarted, node: "worker-2" }), "worker-1")).because).toBe(
    "the probe pod on worker-1 to be Ready",
  );
});

test("so does an agent that is not there, also where it is rolled back", async () => {
  const notStarted = "Unschedulable: 1 node had untolerated taint {dedicated: apps}";
  const scope = {
    ports: untold({ notStarted, node: null }, "cilium", "kube-system"),
    plan: { cilium: { namespace: "kube-system" } },
  } as unknown as Parameters<typeof agentAwaited>[0];
  expect(said(await agentAwaited(scope, "worker-1")).because).toBe(
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
    plan: { source: { workloads: [{ kind: "DaemonSet", namespace: "kube-flannel", name: "kube-flannel-ds" }] } },
    node: "worker-1",
    stepSince: 0,
    before: { outgoing: { step: "rollback-source", uid: "old", at: 0 } },
    memory: new StepMemory(),
  } as unknown as NodeScope;
  expect(said(await rollbackSource.observe(scope))).toMatchObject({
    because: "f to be Ready (f: ErrImagePull: no such image)",
  });
});
