import type { LabClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { ApiStore } from "../store/api-store.ts";
import { type ControlPlane, type Stop, stopAll } from "./control-plane.ts";
import { startDisruptionBudgets } from "./disruption-budget.ts";
import { startEndpoints } from "./endpoints.ts";
import { eventRecorder } from "./event-recorder.ts";
import { startGarbageCollector } from "./garbage-collector.ts";
import { startNamespaces } from "./namespaces.ts";
import { startNodeHeartbeats } from "./nodes/node-heartbeats.ts";
import { startNodeIpam } from "./nodes/node-ipam.ts";
import { startNodeTaints } from "./nodes/node-taints.ts";
import { startPodGc } from "./nodes/pod-gc.ts";
import { startTaintEviction } from "./nodes/taint-eviction.ts";
import { indexPods } from "./pod-index.ts";
import { startScheduler } from "./scheduling/scheduler.ts";
import { startDaemonSets } from "./workloads/daemon-set.ts";
import { startDeployments } from "./workloads/deployment.ts";
import { startJobs } from "./workloads/job.ts";
import { startReplicaSets } from "./workloads/replica-set.ts";
import { startStatefulSets } from "./workloads/stateful-set.ts";

/** What the scheduler and the controller manager of a cluster are started with. */
export interface ControllerOptions {
  readonly store: ApiStore;
  readonly clock: LabClock;
  readonly random: Random;
  /** One /24 of it goes to each node: 500 nodes need a /15. */
  readonly clusterCidr: string;
  readonly serviceCidr: string;
}

const workloads: Readonly<Record<string, (plane: ControlPlane) => Stop>> = {
  scheduler: startScheduler,
  deployments: startDeployments,
  replicaSets: startReplicaSets,
  statefulSets: startStatefulSets,
  daemonSets: startDaemonSets,
  jobs: startJobs,
  endpoints: startEndpoints,
  budgets: startDisruptionBudgets,
  heartbeats: startNodeHeartbeats,
  taints: startNodeTaints,
  taintEviction: startTaintEviction,
  podGc: startPodGc,
};

/** Starts kube-scheduler and kube-controller-manager, as far as the lab has them. Stop ends every timer of theirs. */
export function startControllers(options: ControllerOptions): { readonly stop: Stop } {
  const { store, clock, random, clusterCidr, serviceCidr } = options;
  const pods = indexPods(store);
  const planeOf = (name: string): ControlPlane => {
    const own = random.fork(name);
    return { store, clock, random: own, pods, events: eventRecorder(store, clock, own) };
  };
  const stops = [
    startNodeIpam(planeOf("ipam"), clusterCidr, serviceCidr),
    ...Object.entries(workloads).map(([name, start]) => start(planeOf(name))),
    startNamespaces(planeOf("namespaces"), store),
    startGarbageCollector(planeOf("garbage"), store),
    pods.stop,
  ];
  return { stop: stopAll(stops) };
}
