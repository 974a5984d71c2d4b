import { expect, test } from "vitest";
import { humanDuration } from "../../api/tables/age.ts";
import { customTable } from "../../api/tables/custom-table.ts";
import { compileJsonPath } from "../../api/tables/json-path.ts";
import { endpointSliceTable, serviceTable } from "../../api/tables/network-tables.ts";
import { nodeTable } from "../../api/tables/node-table.ts";
import { podTable } from "../../api/tables/pod-table.ts";

const now = Date.UTC(2026, 0, 2);
const metadata = { name: "x", creationTimestamp: "2026-01-01T22:00:00Z" };
const second = 1_000;

test.for([
  [-5 * second, "<invalid>"],
  [0, "0s"],
  [119 * second, "119s"],
  [120 * second, "2m"],
  [192 * second, "3m12s"],
  [11 * 60 * second, "11m"],
  [185 * 60 * second, "3h5m"],
  [20 * 3600 * second, "20h"],
  [51 * 3600 * second, "2d3h"],
  [100 * 86_400 * second, "100d"],
  [800 * 86_400 * second, "2y70d"],
  [9 * 365 * 86_400 * second, "9y"],
] as const)("%i ms are %s", ([ms, text]) => {
  expect(humanDuration(ms)).toBe(text);
});

const running = { name: "c", ready: true, restartCount: 0, state: { running: {} } };
const crashed = {
  name: "c",
  ready: false,
  restartCount: 3,
  state: { waiting: { reason: "CrashLoopBackOff" } },
  lastState: { terminated: { exitCode: 1, finishedAt: "2026-01-01T23:58:00Z" } },
};
const one = [{ name: "c" }];

test.for([
  ["no node yet", { containers: one }, { phase: "Pending" }, ["0/1", "Pending", "0"]],
  ["running", { containers: one }, { phase: "Running", containerStatuses: [running] }, ["1/1", "Running", "0"]],
  ["evicted", { containers: one }, { phase: "Failed", reason: "Evicted" }, ["0/1", "Evicted", "0"]],
  [
    "crashing",
    { containers: one },
    { phase: "Running", containerStatuses: [crashed] },
    ["0/1", "CrashLoopBackOff", "3 (2m ago)"],
  ],
  [
    "completed",
    { containers: one },
    {
      phase: "Succeeded",
      containerStatuses: [{ name: "c", state: { terminated: { exitCode: 0, reason: "Completed" } } }],
    },
    ["0/1", "Completed", "0"],
  ],
  [
    "killed",
    { containers: one },
    { phase: "Failed", containerStatuses: [{ name: "c", state: { terminated: { exitCode: 137 } } }] },
    ["0/1", "ExitCode:137", "0"],
  ],
  [
    "in its second init container",
    { containers: one, initContainers: [{ name: "i" }, { name: "j" }] },
    {
      phase: "Pending",
      initContainerStatuses: [
        { name: "i", state: { terminated: { exitCode: 0 } } },
        { name: "j", state: { running: {} } },
      ],
      containerStatuses: [{ name: "c", state: { waiting: { reason: "PodInitializing" } } }],
    },
    ["0/1", "Init:1/2", "0"],
  ],
  [
    "without an init container's image",
    { containers: one, initContainers: [{ name: "i" }] },
    { phase: "Pending", initContainerStatuses: [{ name: "i", state: { waiting: { reason: "ImagePullBackOff" } } }] },
    ["0/1", "Init:ImagePullBackOff", "0"],
  ],
  [
    "with a sidecar",
    { containers: one, initContainers: [{ name: "s", restartPolicy: "Always" }] },
    {
      phase: "Running",
      initContainerStatuses: [{ ...running, name: "s", started: true }],
      containerStatuses: [running],
    },
    ["2/2", "Running", "0"],
  ],
] as const)("a pod %s", ([, spec, status, cells]) => {
  const pod = { apiVersion: "v1", kind: "Pod", metadata, spec, status } as never;
  expect(podTable.cells(pod, { now }).slice(1, 4)).toEqual(cells);
});

test("a pod that is being deleted is Terminating, whatever its containers say", () => {
  const leaving = { ...metadata, deletionTimestamp: "2026-01-01T23:00:00Z" };
  const status = { phase: "Running", podIP: "10.0.0.1", containerStatuses: [running] };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: leaving,
    spec: { containers: one, nodeName: "n1" },
    status,
  } as never;
  expect(podTable.cells(pod, { now })).toEqual([
    "x",
    "1/1",
    "Terminating",
    "0",
    "120m",
    "10.0.0.1",
    "n1",
    "<none>",
    "<none>",
  ]);
});

test("a cordoned control plane", () => {
  const labels = { "node-role.kubernetes.io/control-plane": "", "node-role.kubernetes.io/etcd": "" };
  const status = {
    conditions: [{ type: "Ready", status: "False" }],
    addresses: [{ type: "InternalIP", address: "172.18.0.2" }],
    nodeInfo: { kubeletVersion: "v1.33.4" },
  };
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { ...metadata, labels },
    spec: { unschedulable: true },
    status,
  };
  expect(nodeTable.cells(node, { now }).slice(0, 7)).toEqual([
    "x",
    "NotReady,SchedulingDisabled",
    "control-plane,etcd",
    "120m",
    "v1.33.4",
    "172.18.0.2",
    "<none>",
  ]);
});

test("a node port service, and a slice with more addresses than fit", () => {
  const spec = {
    type: "NodePort",
    clusterIP: "10.96.0.9",
    ports: [{ port: 80, nodePort: 30080 }],
    selector: { app: "a" },
  };
  const service = { apiVersion: "v1", kind: "Service", metadata, spec };
  expect(serviceTable.cells(service, { now })).toEqual([
    "x",
    "NodePort",
    "10.96.0.9",
    "<none>",
    "80:30080/TCP",
    "120m",
    "app=a",
  ]);
  const endpoints = ["1", "2", "3", "4", "5"].map((last) => ({ addresses: [`10.0.0.${last}`] }));
  const slice = {
    apiVersion: "v1",
    kind: "EndpointSlice",
    metadata,
    addressType: "IPv4",
    ports: [{ port: 80 }],
    endpoints,
  };
  expect(endpointSliceTable.cells(slice, { now })[3]).toBe("10.0.0.1,10.0.0.2,10.0.0.3 + 2 more...");
});

const ciliumNode = {
  apiVersion: "cilium.io/v2",
  kind: "CiliumNode",
  metadata: { ...metadata, annotations: { "a.b/c": "dotted" } },
  spec: {
    addresses: [
      { type: "InternalIP", ip: "172.18.0.2" },
      { type: "CiliumInternalIP", ip: "10.1.0.3" },
    ],
    ipam: { podCIDRs: ["10.1.0.0/24"] },
  },
};

test.for([
  ['.spec.addresses[?(@.type=="CiliumInternalIP")].ip', ["10.1.0.3"]],
  [".spec.addresses[*].type", ["InternalIP", "CiliumInternalIP"]],
  [".spec.addresses[-1].ip", ["10.1.0.3"]],
  [".spec.ipam.podCIDRs", [["10.1.0.0/24"]]],
  [".metadata.annotations.a\\.b/c", ["dotted"]],
  [".metadata.annotations['a.b/c']", ["dotted"]],
  [".spec.nothing.here", []],
  [".spec[", []],
] as const)("the path %s finds %j", ([path, found]) => {
  expect(compileJsonPath(path)(ciliumNode)).toEqual(found);
});

test("a custom resource shows its CRD's columns: JSON for lists, nothing for what is absent or of another type", () => {
  const column = (name: string, jsonPath: string, type = "string") => ({ name, jsonPath, type });
  const table = customTable([
    column("PodCIDR", ".spec.ipam.podCIDRs"),
    column("Gone", ".spec.gone"),
    column("Count", ".spec.ipam", "integer"),
    column("Age", ".metadata.creationTimestamp", "date"),
  ]);
  expect(table.columns.map(({ name }) => name)).toEqual(["Name", "PodCIDR", "Gone", "Count", "Age"]);
  expect(table.cells(ciliumNode, { now })).toEqual(["x", '["10.1.0.0/24"]', null, null, "120m"]);
});
