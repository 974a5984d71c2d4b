import type { KubeObject } from "../../objects.ts";
import { humanDuration } from "./age.ts";
import { age, columns, type TableKind } from "./table-kind.ts";

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

interface ContainerStatus {
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

interface PodView extends KubeObject {
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

/** Pods, with the STATUS column that sums up phase, containers and deletion as kubectl users know it. */
export const podTable: TableKind = {
  columns: columns(
    "Name",
    "Ready",
    "Status",
    "Restarts",
    "Age",
    "wide:IP",
    "wide:Node",
    "wide:Nominated Node",
    "wide:Readiness Gates",
  ),
  cells(object, context) {
    const pod = object as PodView;
    const { spec, status = {} } = pod;
    const sidecars = sidecarStatuses(pod);
    const counted = [...(status.containerStatuses ?? []), ...sidecars];
    const ready = counted.filter((container) => container.ready).length;
    return [
      pod.metadata.name,
      `${ready}/${(spec.containers?.length ?? 0) + sidecarNames(pod).size}`,
      podStatus(pod),
      restarts(counted, status.initContainerStatuses ?? [], context.now),
      age(pod, context),
      status.podIPs?.[0]?.ip || status.podIP || "<none>",
      spec.nodeName || "<none>",
      status.nominatedNodeName || "<none>",
      readinessGates(pod),
    ];
  },
};

function sidecarNames({ spec }: PodView): ReadonlySet<string> {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return new Set(sidecars.map(({ name }) => name));
}

function sidecarStatuses(pod: PodView): readonly ContainerStatus[] {
  const names = sidecarNames(pod);
  return (pod.status?.initContainerStatuses ?? []).filter(({ name }) => names.has(name));
}

function podStatus(pod: PodView): string {
  if (pod.metadata.deletionTimestamp) return pod.status?.reason === "NodeLost" ? "Unknown" : "Terminating";
  const phase = pod.status?.reason || pod.status?.phase || "";
  const gated = pod.status?.conditions?.some(
    ({ type, reason }) => type === "PodScheduled" && reason === schedulingGated,
  );
  return initStatus(pod) ?? containersStatus(pod) ?? (gated ? schedulingGated : phase);
}

const schedulingGated = "SchedulingGated";

/** "Init:0/2", "Init:CrashLoopBackOff", …; null once all init containers are through. */
function initStatus(pod: PodView): string | null {
  const total = pod.spec.initContainers?.length ?? 0;
  const sidecars = sidecarNames(pod);
  const statuses = pod.status?.initContainerStatuses ?? [];
  for (const [index, container] of statuses.entries()) {
    const { state } = container;
    if (state?.terminated?.exitCode === 0 || (sidecars.has(container.name) && container.started)) continue;
    if (state?.terminated) return `Init:${terminatedWord(state.terminated)}`;
    const waiting = state?.waiting?.reason;
    return waiting && waiting !== "PodInitializing" ? `Init:${waiting}` : `Init:${index}/${total}`;
  }
  return null;
}

function terminatedWord({ reason, signal, exitCode }: NonNullable<ContainerState["terminated"]>): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`);
}

/** The first container that has something to say; null when the phase says it all. */
function containersStatus(pod: PodView): string | null {
  const statuses = pod.status?.containerStatuses ?? [];
  const telling = statuses.find(({ state }) => state?.waiting?.reason || state?.terminated);
  if (!telling) return null;
  const running = statuses.some(({ ready, state }) => ready && state?.running);
  const { waiting, terminated } = telling.state ?? {};
  if (waiting?.reason) return waiting.reason;
  const word = terminated ? terminatedWord(terminated) : null;
  if (word !== "Completed" || !running) return word;
  const ready = pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  return ready ? "Running" : "NotReady";
}

function restarts(counted: readonly ContainerStatus[], inits: readonly ContainerStatus[], now: number): string {
  const started = counted.some(({ state }) => state?.running || state?.terminated);
  const telling = started ? counted : [...inits, ...counted];
  const count = telling.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const ends = telling.map(({ lastState }) => lastState?.terminated?.finishedAt).filter((end) => end !== undefined);
  const last = ends.sort().at(-1);
  return count > 0 && last ? `${count} (${humanDuration(now - Date.parse(last))} ago)` : String(count);
}

function readinessGates({ spec, status }: PodView): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const met = gates.filter((gate) =>
    status?.conditions?.some(({ type, status: value }) => type === gate.conditionType && value === "True"),
  );
  return `${met.length}/${gates.length}`;
}
