import { humanDuration } from "./age.ts";
import { type ContainerStatus, type PodView, podStatus, sidecarNames, sidecarStatuses } from "./pod-status.ts";
import { age, columns, type TableKind } from "./table-kind.ts";

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
    const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
    const counted = [...containerStatuses, ...sidecarStatuses(pod)];
    const ready = counted.filter((container) => container.ready).length;
    return [
      pod.metadata.name,
      `${ready}/${(pod.spec.containers?.length ?? 0) + sidecarNames(pod).size}`,
      podStatus(pod),
      restarts(counted, initContainerStatuses, context.now),
      age(pod, context),
      ...[pod.status?.podIP, pod.spec.nodeName, pod.status?.nominatedNodeName].map((value) => value || "<none>"),
      readinessGates(pod),
    ];
  },
};

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
