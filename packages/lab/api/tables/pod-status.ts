import type { KubeObject } from "../../objects.ts";

interface ContainerState {
  readonly waiting?: { readonly reason?: string };
  readonly running?: object;
  readonly terminated?: {
    readonly exitCode?: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly finishedAt?: string;
  };
}

/** One entry of status.containerStatuses. */
export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

/** As much of a pod as its row shows. */
export interface PodView extends KubeObject {
  readonly spec: {
    readonly containers?: readonly object[];
    readonly initContainers?: readonly { readonly name: string; readonly restartPolicy?: string }[];
    readonly nodeName?: string;
    readonly readinessGates?: readonly { readonly conditionType: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly nominatedNodeName?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** Init containers that stay: they count as containers. */
export function sidecarNames({ spec }: PodView): ReadonlySet<string> {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return new Set(sidecars.map(({ name }) => name));
}

/** Their statuses. */
export function sidecarStatuses(pod: PodView): readonly ContainerStatus[] {
  const names = sidecarNames(pod);
  return (pod.status?.initContainerStatuses ?? []).filter(({ name }) => names.has(name));
}

/** The STATUS column: phase, containers and deletion summed up in a word, as kubectl users know it. */
export function podStatus(pod: PodView): string {
  const { status } = pod;
  if (pod.metadata.deletionTimestamp) return status?.reason === "NodeLost" ? "Unknown" : "Terminating";
  return initStatus(pod) ?? containersStatus(pod) ?? phaseStatus(pod);
}

function phaseStatus({ status }: PodView): string {
  const gated = status?.conditions?.some(({ reason }) => reason === schedulingGated);
  return gated ? schedulingGated : status?.reason || (status?.phase ?? "");
}

const schedulingGated = "SchedulingGated";

/** "Init:0/2", "Init:CrashLoopBackOff", …; null once all init containers are through. */
function initStatus(pod: PodView): string | null {
  const sidecars = sidecarNames(pod);
  const statuses = pod.status?.initContainerStatuses ?? [];
  const index = statuses.findIndex((container) => !isThrough(container, sidecars));
  if (index < 0) return null;
  const why = initWord(statuses[index]?.state ?? {});
  return why ? `Init:${why}` : `Init:${index}/${pod.spec.initContainers?.length ?? 0}`;
}

function isThrough({ name, state, started }: ContainerStatus, sidecars: ReadonlySet<string>): boolean {
  return state?.terminated?.exitCode === 0 || (sidecars.has(name) && started === true);
}

function initWord({ terminated, waiting }: ContainerState): string | null {
  if (terminated) return terminatedWord(terminated);
  return waiting?.reason && waiting.reason !== "PodInitializing" ? waiting.reason : null;
}

function terminatedWord({ reason, signal, exitCode }: NonNullable<ContainerState["terminated"]>): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`);
}

/** The first container that has something to say; null when the phase says it all. */
function containersStatus(pod: PodView): string | null {
  const statuses = pod.status?.containerStatuses ?? [];
  const telling = statuses.find(({ state }) => state?.waiting?.reason || state?.terminated);
  const { waiting, terminated } = telling?.state ?? {};
  if (waiting?.reason) return waiting.reason;
  if (!terminated) return null;
  const running = statuses.some(({ ready, state }) => ready && state?.running);
  const word = terminatedWord(terminated);
  return word === "Completed" && running ? readiness(pod) : word;
}

function readiness({ status }: PodView): string {
  const ready = status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True");
  return ready ? "Running" : "NotReady";
}
