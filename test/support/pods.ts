import type { BudgetFacts, PodFacts, WorkloadFacts } from "../../src/engine/model/facts.ts";
import { anywhere } from "./facts.ts";

/** A running pod of a Deployment, with what a test says of it. */
export function pod(name: string, change: Partial<PodFacts> = {}): PodFacts {
  return {
    namespace: "default",
    name,
    uid: `uid-${name}`,
    node: "worker-1",
    phase: "Running",
    ips: ["10.244.1.5"],
    hostNetwork: false,
    ready: true,
    createdAt: 0,
    terminatingAt: null,
    deletionGraceSeconds: null,
    terminationGraceSeconds: 30,
    owner: { kind: "ReplicaSet", apiVersion: "apps/v1", name: "rs", uid: "rs" },
    mirror: false,
    emptyDirs: [],
    hostPorts: [],
    labels: { app: name },
    cpuMillis: 0,
    memoryBytes: 0,
    waitingReason: "",
    notStarted: "",
    restarts: 0,
    lastFailure: "",
    failedAt: null,
    startedAt: 0,
    finalizers: [],
    nodeSelector: {},
    hostPaths: [],
    claims: [],
    ...change,
  };
}

export const ofDaemonSet = (name: string, daemonSet: string, change: Partial<PodFacts> = {}): PodFacts =>
  pod(name, { owner: { kind: "DaemonSet", apiVersion: "apps/v1", name: daemonSet, uid: daemonSet }, ...change });

export function workload(
  kind: WorkloadFacts["kind"],
  name: string,
  change: Partial<WorkloadFacts> = {},
): WorkloadFacts {
  return {
    kind,
    namespace: "default",
    name,
    uid: name,
    labels: {},
    annotations: {},
    owners: [],
    images: [],
    confFiles: [],
    hostFiles: [],
    env: {},
    configMaps: [],
    placement: anywhere,
    desired: 1,
    updated: 1,
    ready: 1,
    observed: true,
    ...change,
  };
}

export function budget(name: string, app: string, change: Partial<BudgetFacts> = {}): BudgetFacts {
  return {
    namespace: "default",
    name,
    selector: { matchLabels: { app } },
    disruptionsAllowed: 0,
    currentHealthy: 1,
    desiredHealthy: 1,
    expectedPods: 1,
    ...change,
  };
}
