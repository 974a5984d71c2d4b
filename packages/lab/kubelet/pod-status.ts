import type { ContainerRun } from "./container-run.ts";
import { type Condition, type PodObject, type PodStatus, timestamp } from "./pod-types.ts";

/** What the kubelet knows of a pod when it writes its status. */
export interface PodSituation {
  readonly pod: PodObject;
  readonly hostIp: string;
  readonly address: string | null;
  readonly hasSandbox: boolean;
  readonly startedAt: number;
  readonly inits: readonly ContainerRun[];
  readonly mains: readonly ContainerRun[];
  /** All main containers have ended and none will be started again. */
  readonly over: boolean;
  readonly now: number;
}

type Status = Pick<Condition, "type" | "status"> & { readonly reason?: string; readonly message?: string };

function phase({ mains, over }: PodSituation): string {
  if (over) return mains.every(({ exitCode }) => exitCode === 0) ? "Succeeded" : "Failed";
  return mains.some((container) => container.isRunning || container.exitCode !== null || container.restartCount > 0)
    ? "Running"
    : "Pending";
}

function statuses(situation: PodSituation): Status[] {
  const { inits, mains, over, hasSandbox, pod } = situation;
  const incomplete = inits.filter(({ exitCode }) => exitCode !== 0).map(({ spec }) => spec.name);
  const unready = mains.filter(({ ready }) => !ready).map(({ spec }) => spec.name);
  const initialized = incomplete.length === 0 || mains.some(({ isRunning }) => isRunning);
  const gates = (pod.spec.readinessGates ?? []).filter(({ conditionType }) => !holds(pod, conditionType));
  const ready = readyCondition(unready, over);
  return [
    { type: "PodReadyToStartContainers", status: hasSandbox ? "True" : "False" },
    initialized
      ? { type: "Initialized", status: "True", ...(over ? { reason: "PodCompleted" } : {}) }
      : {
          type: "Initialized",
          status: "False",
          reason: "ContainersNotInitialized",
          message: `containers with incomplete status: [${incomplete.join(" ")}]`,
        },
    ready.status === "True" && gates.length > 0
      ? {
          type: "Ready",
          status: "False",
          reason: "ReadinessGatesNotReady",
          message: `gates: ${gates.map(({ conditionType }) => conditionType).join(" ")}`,
        }
      : { ...ready, type: "Ready" },
    { ...ready, type: "ContainersReady" },
    { type: "PodScheduled", status: "True" },
  ];
}

function readyCondition(unready: readonly string[], over: boolean): Omit<Status, "type"> {
  if (over) return { status: "False", reason: "PodCompleted" };
  if (unready.length === 0) return { status: "True" };
  return {
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: [${unready.join(" ")}]`,
  };
}

function holds(pod: PodObject, type: string): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}

/** Conditions of others (DisruptionTarget, gates) stay; a transition time moves only with its status. */
function conditions(before: readonly Condition[], now: readonly Status[], at: string): Condition[] {
  const ours = now.map((status): Condition => {
    const old = before.find(({ type }) => type === status.type);
    const since = old?.status === status.status ? (old.lastTransitionTime ?? at) : at;
    return { lastProbeTime: null, ...status, lastTransitionTime: since };
  });
  return [...ours, ...before.filter(({ type }) => !now.some((status) => status.type === type))];
}

/** The status that the API should show, on top of the one that it shows. */
export function podStatus(situation: PodSituation): PodStatus {
  const { pod, address, hostIp, inits, mains, now } = situation;
  const before = pod.status ?? {};
  const { podIP: _ip, podIPs: _ips, ...rest } = before;
  return {
    ...rest,
    phase: phase(situation),
    conditions: conditions(before.conditions ?? [], statuses(situation), timestamp(now)),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(address === null ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    startTime: timestamp(situation.startedAt),
    ...(inits.length > 0 ? { initContainerStatuses: inits.map((container) => container.status()) } : {}),
    containerStatuses: mains.map((container) => container.status()),
  };
}
