import type { LabClock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { ApiStore } from "../store/api-store.ts";
import { type ControlPlane, type Stop, stopAll } from "./control-plane.ts";
import { startDaemonSets } from "./daemon-set.ts";
import { startDeployments } from "./deployment.ts";
import { startDisruptionBudgets } from "./disruption-budget.ts";
import { startEndpoints } from "./endpoints.ts";
import { eventRecorder } from "./event-recorder.ts";
import { startGarbageCollector } from "./garbage-collector.ts";
import { startJobs } from "./job.ts";
import { startNamespaces } from "./namespaces.ts";
import { startNodeHeartbeats } from "./node-heartbeats.ts";
import { startNodeIpam } from "./node-ipam.ts";
import { startNodeTaints } from "./node-taints.ts";
import { startPodGc } from "./pod-gc.ts";
import { indexPods } from "./pod-index.ts";
import { startReplicaSets } from "./replica-set.ts";
import { startScheduler } from "./scheduler.ts";
import { startStatefulSets } from "./stateful-set.ts";
import { startTaintEviction } from "./taint-eviction.ts";

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
