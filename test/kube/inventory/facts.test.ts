import { expect, test } from "vitest";
import {
  ciliumEndpointFacts,
  ciliumNodeConfigFacts,
  ciliumNodeFacts,
} from "../../../src/kube/inventory/cilium-facts.ts";
import { nodeFacts } from "../../../src/kube/inventory/node-facts.ts";
import { podFacts } from "../../../src/kube/inventory/pod-facts.ts";
import { budgetFacts, serviceFacts, workloadFacts } from "../../../src/kube/inventory/workload-facts.ts";
import { agentStatusOf } from "../../../src/kube/nodes/agent-status.ts";
import { fillIn, rebootPodName } from "../../../src/kube/nodes/rebooter.ts";
import { milliCpus, quantity, wholeBytes } from "../../../src/kube/objects/quantity.ts";
import { projections } from "../../../src/kube/watch/projections.ts";

const odd = [
  undefined,
  null,
  7,
  "x",
  [],
  {},
  { metadata: null, spec: [], status: "gone" },
  { metadata: { name: 5, labels: [1], annotations: { a: 3 }, ownerReferences: {}, creationTimestamp: "yesterday" } },
  { spec: { taints: [null, 1], containers: [null, { ports: "x", resources: 3 }], volumes: [null], podCIDRs: [3] } },
  {
    status: {
      conditions: [null, "x"],
      addresses: {},
      containerStatuses: [null, { state: 3 }],
      podIPs: [null],
      allocatable: [],
    },
  },
];

test.each(odd)("an object written by nobody we know (%j) is read without a throw", (object) => {
  for (const project of Object.values(projections)) expect(() => project(object)).not.toThrow();
  for (const read of [serviceFacts, ciliumNodeConfigFacts]) expect(() => read(object)).not.toThrow();
  expect(JSON.parse(JSON.stringify(podFacts(object)))).toMatchObject({ phase: "Unknown", ips: expect.anything() });
});

test.each([
  ["250m", 250],
  ["2", 2_000],
  [1.5, 1_500],
  ["0.1", 100],
  ["nonsense", 0],
  [undefined, 0],
])("%s CPUs are %i thousandths", (value, expected) => {
  expect(milliCpus(value)).toBe(expected);
});

test.each([
  ["1Gi", 2 ** 30],
  ["128974848", 128_974_848],
  ["129e6", 129_000_000],
  ["123Mi", 123 * 2 ** 20],
  ["1k", 1_000],
  ["5zz", 0],
])("%s is %i bytes", (value, expected) => {
  expect(wholeBytes(value)).toBe(expected);
});

test("110 pods are 110", () => {
  expect(quantity("110")).toBe(110);
});

test("a node is read with its role, boot, taints and addresses", () => {
  const node = nodeFacts({
    metadata: { name: "n", uid: "u", labels: { "node-role.kubernetes.io/control-plane": "" } },
    spec: { podCIDR: "10.244.0.0/24", unschedulable: true, taints: [{ key: "k", effect: "NoSchedule" }] },
    status: {
      conditions: [
        {
          type: "Ready",
          status: "Unknown",
          reason: "NodeStatusUnknown",
          message: "Kubelet stopped posting node status.",
          lastTransitionTime: "2026-01-01T00:00:00Z",
        },
        { type: "NetworkUnavailable", status: "True" },
      ],
      addresses: [
        { type: "Hostname", address: "n" },
        { type: "InternalIP", address: "10.0.0.1" },
      ],
      nodeInfo: { bootID: "b" },
      allocatable: { pods: "110", cpu: "3920m", memory: "1Ki" },
    },
  });
  expect(node).toMatchObject({
    controlPlane: true,
    podCidrs: ["10.244.0.0/24"],
    internalIps: ["10.0.0.1"],
    ready: false,
    notReadyReason: "NodeStatusUnknown",
    notReadyMessage: "Kubelet stopped posting node status.",
    readySince: Date.parse("2026-01-01T00:00:00Z"),
    networkUnavailable: true,
    cordoned: true,
    taints: [{ key: "k", value: "", effect: "NoSchedule" }],
    bootId: "b",
    allocatablePods: 110,
    allocatableCpuMillis: 3920,
    allocatableMemoryBytes: 1024,
  });
});

test("a pod is read with what a drain and a result ask of it", () => {
  const pod = podFacts({
    metadata: {
      namespace: "d",
      name: "p",
      uid: "u",
      deletionTimestamp: "2026-01-01T00:00:00Z",
      annotations: { "kubernetes.io/config.mirror": "x" },
      ownerReferences: [
        { kind: "Thing", name: "no", uid: "1", apiVersion: "v1" },
        { kind: "ReplicaSet", name: "rs", uid: "2", apiVersion: "apps/v1", controller: true },
      ],
    },
    spec: {
      nodeName: "n",
      volumes: [
        { name: "tmp", emptyDir: {} },
        { name: "cm", configMap: {} },
      ],
      initContainers: [{ resources: { requests: { cpu: "1" } } }],
      containers: [
        { resources: { requests: { cpu: "100m", memory: "1Mi" } }, ports: [{ hostPort: 80 }, {}] },
        { resources: { requests: { cpu: "200m" } } },
      ],
    },
    status: {
      phase: "Running",
      podIPs: [{ ip: "10.1.0.1" }, { ip: "fd00::1" }],
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [
        { restartCount: 2, state: { running: { startedAt: "2026-01-01T00:00:05Z" } } },
        {
          restartCount: 1,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: { terminated: { exitCode: 1, reason: "Error", message: "level=info\nlevel=fatal no bpf\n" } },
        },
      ],
    },
  });
  expect(pod).toMatchObject({
    owner: { kind: "ReplicaSet", uid: "2" },
    mirror: true,
    emptyDirs: ["tmp"],
    hostPorts: [80],
    cpuMillis: 1000,
    memoryBytes: 2 ** 20,
    ips: ["10.1.0.1", "fd00::1"],
    restarts: 3,
    waitingReason: "CrashLoopBackOff",
    notStarted: expect.stringMatching(/^CrashLoopBackOff/),
    lastFailure: "exit code 1: level=fatal no bpf",
    terminationGraceSeconds: 30,
    terminatingAt: Date.parse("2026-01-01T00:00:00Z"),
    startedAt: Date.parse("2026-01-01T00:00:05Z"),
  });
});

test.each([
  [{ exitCode: 0, reason: "Completed", message: "bye" }, ""],
  [{ exitCode: 137, reason: "OOMKilled" }, "OOMKilled"],
  [{ exitCode: 255, reason: "Error", message: "no bpf" }, "exit code 255: no bpf"],
  // Found gone when the machine came back: the end of its log is no reason.
  [{ exitCode: 255, reason: "Unknown", message: "level=info msg=serving" }, ""],
  [{ exitCode: 137, reason: "ContainerStatusUnknown", message: "The container could not be located" }, ""],
])("how a container ended: %j", (terminated, expected) => {
  expect(podFacts({ status: { containerStatuses: [{ lastState: { terminated } }] } }).lastFailure).toBe(expected);
});

test("of several containers the one that ended badly last is told, whatever their order", () => {
  const ended = (finishedAt: string, message: string) => ({ terminated: { exitCode: 1, finishedAt, message } });
  const status = {
    initContainerStatuses: [{ lastState: ended("2026-01-01T00:00:01Z", "before the reboot") }],
    containerStatuses: [{ lastState: ended("2026-01-01T00:09:00Z", "after it") }],
  };
  expect(podFacts({ status })).toMatchObject({
    lastFailure: "exit code 1: after it",
    failedAt: Date.parse("2026-01-01T00:09:00Z"),
  });
});

test("a workload has caught up only when its controller saw the newest generation", () => {
  const daemonSet = {
    metadata: { generation: 2 },
    status: { observedGeneration: 1, desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberReady: 3 },
  };
  expect(workloadFacts("DaemonSet", daemonSet)).toMatchObject({ desired: 3, updated: 1, ready: 3, observed: false });
  expect(
    workloadFacts("Deployment", { metadata: { generation: 1 }, status: { observedGeneration: 1, readyReplicas: 1 } }),
  ).toMatchObject({ desired: 1, ready: 1, observed: true });
});

test("a budget without a selector is told from one that selects everything", () => {
  expect(budgetFacts({ spec: {} }).selector).toBeNull();
  expect(budgetFacts({ spec: { selector: {} } }).selector).toEqual({ matchLabels: {} });
});

test("Cilium's objects are read", () => {
  const node = {
    metadata: { name: "n" },
    spec: {
      ipam: { podCIDRs: ["10.245.0.0/24"] },
      health: { ipv4: "10.245.0.9" },
      addresses: [
        { type: "CiliumInternalIP", ip: "10.245.0.1" },
        { type: "InternalIP", ip: "x" },
      ],
    },
    status: { ipam: { "operator-status": { error: "no pool" } } },
  };
  expect(ciliumNodeFacts(node)).toEqual({
    name: "n",
    podCidrs: ["10.245.0.0/24"],
    ciliumInternalIps: ["10.245.0.1"],
    healthIp: "10.245.0.9",
    error: "no pool",
  });
  const endpoint = {
    metadata: { namespace: "d", name: "p" },
    status: { state: "ready", networking: { addressing: [{ ipv4: "10.245.0.7" }] } },
  };
  expect(ciliumEndpointFacts(endpoint)).toEqual({ namespace: "d", name: "p", ips: ["10.245.0.7"], state: "ready" });
});

test("the agent's status is its state, its CNI file and its configuration's sources", () => {
  const status = { cilium: { state: "Ok" }, "cni-file": { state: "Failure", msg: "disk full" } };
  expect(agentStatusOf(status, { podUid: "u", configSources: "s", writesCniConf: true })).toEqual({
    podUid: "u",
    state: "Ok",
    cniFile: "Failure",
    cniFileMessage: "disk full",
    configSources: "s",
    writesCniConf: true,
  });
  expect(agentStatusOf({}, { podUid: "u", configSources: "", writesCniConf: false })).toMatchObject({
    state: "Unknown",
    cniFile: "Unknown",
  });
});

test("a reboot command is filled in argument by argument", () => {
  const node = { ...nodeFacts({ metadata: { name: "n1" } }), internalIps: ["10.0.0.1"] };
  expect(fillIn(["ssh", "root@{address}", "--", "reboot {node} {node}", "{other}"], node)).toEqual([
    "ssh",
    "root@10.0.0.1",
    "--",
    "reboot n1 n1",
    "{other}",
  ]);
});

test("a reboot pod's name stands for one boot of one node", () => {
  expect(rebootPodName("n", "b1")).toBe(rebootPodName("n", "b1"));
  expect(rebootPodName("n", "b1")).not.toBe(rebootPodName("n", "b2"));
  expect(rebootPodName("n".repeat(253), "b").length).toBeLessThanOrEqual(63);
});

test("who owns a workload, where its references say so", () => {
  const ownerReferences = [{ kind: "Installation", name: "default", uid: "u" }, { kind: 7 }, "odd"];
  expect(workloadFacts("DaemonSet", { metadata: { name: "net", ownerReferences } }).owners).toEqual([
    "Installation default",
  ]);
  expect(workloadFacts("DaemonSet", { metadata: { name: "net" } }).owners).toEqual([]);
});

test("a Service as a migration asks of it", () => {
  const spec = {
    type: "LoadBalancer",
    clusterIP: "10.96.0.7",
    selector: { app: "web" },
    externalTrafficPolicy: "Local",
    internalTrafficPolicy: "Cluster",
    ports: [{ port: 80 }],
  };
  expect(serviceFacts({ metadata: { namespace: "shop", name: "web" }, spec })).toEqual({
    namespace: "shop",
    name: "web",
    type: "LoadBalancer",
    clusterIp: "10.96.0.7",
    ports: [80],
    selects: true,
    externalTrafficPolicy: "Local",
    internalTrafficPolicy: "Cluster",
  });
  expect(serviceFacts({ metadata: { namespace: "shop", name: "db" }, spec: { clusterIP: "None" } })).toMatchObject({
    clusterIp: "None",
    selects: false,
    externalTrafficPolicy: "",
  });
});
