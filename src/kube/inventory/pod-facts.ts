import type { HostPath, OwnerFacts, PodFacts } from "../../engine/model/facts.ts";
import { milliCpus, wholeBytes } from "../objects/quantity.ts";
import { at, list, number, text, textMap, texts, time } from "../objects/read.ts";

/** A pod is held in memory for each of tens of thousands: its last words are not its whole log. */
const longestWords = 200;
const phases = ["Pending", "Running", "Succeeded", "Failed"] as const;

/** The controller among the owner references. */
function controllerOf(object: unknown): OwnerFacts | null {
  const owner = list(at(object, "metadata", "ownerReferences")).find(
    (reference) => at(reference, "controller") === true,
  );
  if (owner === undefined) return null;
  return {
    kind: text(at(owner, "kind")),
    apiVersion: text(at(owner, "apiVersion")),
    name: text(at(owner, "name")),
    uid: text(at(owner, "uid")),
  };
}

function addresses(pod: unknown): readonly string[] {
  const many = list(at(pod, "status", "podIPs"))
    .map((entry) => text(at(entry, "ip")))
    .filter((ip) => ip !== "");
  const one = text(at(pod, "status", "podIP"));
  return many.length > 0 || one === "" ? many : [one];
}

function isReady(pod: unknown): boolean {
  return list(at(pod, "status", "conditions")).some(
    (entry) => at(entry, "type") === "Ready" && at(entry, "status") === "True",
  );
}

function statuses(pod: unknown): readonly unknown[] {
  return [...list(at(pod, "status", "initContainerStatuses")), ...list(at(pod, "status", "containerStatuses"))];
}

const longestClause = 240;
const clause = (...parts: readonly string[]) => {
  const said = parts.filter((part) => part !== "").join(": ");
  return said.length <= longestClause ? said : `${said.slice(0, longestClause)}…`;
};

/** On their way, and no trouble. */
const starting = new Set(["", "PodInitializing", "ContainerCreating"]);

function notStarted(pod: unknown): string {
  const unscheduled = list(at(pod, "status", "conditions")).find(
    (entry) => at(entry, "type") === "PodScheduled" && at(entry, "status") === "False",
  );
  if (unscheduled !== undefined) return clause(text(at(unscheduled, "reason")), text(at(unscheduled, "message")));
  for (const status of statuses(pod)) {
    const reason = text(at(status, "state", "waiting", "reason"));
    // The message of a back-off says which container; why it fails is in what it said last.
    if (reason === "CrashLoopBackOff") return reason;
    if (!starting.has(reason)) return clause(reason, text(at(status, "state", "waiting", "message")));
  }
  return "";
}

function waitingReason(pod: unknown): string {
  for (const status of statuses(pod)) {
    const reason = text(at(status, "state", "waiting", "reason"));
    if (reason !== "" && reason !== "PodInitializing") return reason;
  }
  return text(at(statuses(pod)[0], "state", "waiting", "reason"));
}

/**
 * A container that was no more there when its machine, or its runtime, came back: containerd says 255 and Unknown, the kubelet
 * ContainerStatusUnknown. Nobody knows how it ended, and the end of its log is no reason.
 */
function wasFoundGone(end: unknown): boolean {
  const reason = text(at(end, "reason"));
  return reason === "ContainerStatusUnknown" || (reason === "Unknown" && number(at(end, "exitCode")) === 255);
}

/** The last bad end of any of its containers; null where there is none that says anything. */
function badEnd(pod: unknown): unknown {
  const ends = statuses(pod)
    .flatMap((status) => [at(status, "state", "terminated"), at(status, "lastState", "terminated")])
    .filter((end) => end !== undefined && number(at(end, "exitCode")) !== 0 && !wasFoundGone(end));
  const [newest] = ends.toSorted((a, b) => (time(at(b, "finishedAt")) ?? 0) - (time(at(a, "finishedAt")) ?? 0));
  return newest ?? null;
}

/** The kubelet hands on the end of a container's log where its image says so (terminationMessagePolicy), as Cilium's does. */
function lastFailure(ended: unknown): string {
  if (ended === null) return "";
  const words = text(at(ended, "message")).trim().split("\n").at(-1) ?? "";
  const reason = text(at(ended, "reason"));
  const how = reason === "OOMKilled" ? reason : `exit code ${number(at(ended, "exitCode"))}`;
  return words === "" ? how : `${how}: ${words.slice(0, longestWords)}`;
}

function lastStart(pod: unknown): number | null {
  const starts = list(at(pod, "status", "containerStatuses")).map((status) =>
    time(at(status, "state", "running", "startedAt")),
  );
  const known = starts.filter((start): start is number => start !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** What the scheduler counts: the sum over containers, or the largest init container where that is more. */
function requests(pod: unknown, resource: "cpu" | "memory", read: (value: unknown) => number): number {
  const asked = (container: unknown) => read(at(container, "resources", "requests", resource));
  const sum = list(at(pod, "spec", "containers")).reduce<number>((total, container) => total + asked(container), 0);
  const init = list(at(pod, "spec", "initContainers")).map(asked);
  return Math.max(sum, ...init);
}

function hostPorts(pod: unknown): readonly number[] {
  return list(at(pod, "spec", "containers"))
    .flatMap((container) => list(at(container, "ports")))
    .map((port) => number(at(port, "hostPort")))
    .filter((port) => port > 0);
}

const none: readonly never[] = [];

function hostPaths(pod: unknown): readonly HostPath[] {
  const volumes = list(at(pod, "spec", "volumes")).filter((volume) => text(at(volume, "hostPath", "path")) !== "");
  if (volumes.length === 0) return none;
  const containers = [...list(at(pod, "spec", "initContainers")), ...list(at(pod, "spec", "containers"))];
  const writable = new Set(
    containers
      .flatMap((container) => list(at(container, "volumeMounts")))
      .filter((mount) => at(mount, "readOnly") !== true)
      .map((mount) => text(at(mount, "name"))),
  );
  return volumes.map((volume) => ({
    path: text(at(volume, "hostPath", "path")),
    writable: writable.has(text(at(volume, "name"))),
  }));
}

function claims(pod: unknown): readonly string[] {
  const names = list(at(pod, "spec", "volumes")).map((volume) =>
    text(at(volume, "persistentVolumeClaim", "claimName")),
  );
  const found = names.filter((name) => name !== "");
  return found.length === 0 ? none : found;
}

function deletionGrace(pod: unknown): number | null {
  const seconds = at(pod, "metadata", "deletionGracePeriodSeconds");
  return typeof seconds === "number" ? seconds : null;
}

/** A Pod as the engine knows it. */
export function podFacts(pod: unknown): PodFacts {
  const phase = text(at(pod, "status", "phase"));
  const node = text(at(pod, "spec", "nodeName"));
  const ended = badEnd(pod);
  return {
    namespace: text(at(pod, "metadata", "namespace")),
    name: text(at(pod, "metadata", "name")),
    uid: text(at(pod, "metadata", "uid")),
    node: node === "" ? null : node,
    phase: phases.find((known) => known === phase) ?? "Unknown",
    ips: addresses(pod),
    hostNetwork: at(pod, "spec", "hostNetwork") === true,
    ready: isReady(pod),
    createdAt: time(at(pod, "metadata", "creationTimestamp")) ?? 0,
    terminatingAt: time(at(pod, "metadata", "deletionTimestamp")),
    deletionGraceSeconds: deletionGrace(pod),
    terminationGraceSeconds: number(at(pod, "spec", "terminationGracePeriodSeconds"), 30),
    owner: controllerOf(pod),
    mirror: "kubernetes.io/config.mirror" in textMap(at(pod, "metadata", "annotations")),
    emptyDirs: list(at(pod, "spec", "volumes"))
      .filter((volume) => typeof at(volume, "emptyDir") === "object" && at(volume, "emptyDir") !== null)
      .map((volume) => text(at(volume, "name"))),
    hostPorts: hostPorts(pod),
    labels: textMap(at(pod, "metadata", "labels")),
    cpuMillis: requests(pod, "cpu", milliCpus),
    memoryBytes: requests(pod, "memory", wholeBytes),
    waitingReason: waitingReason(pod),
    notStarted: notStarted(pod),
    restarts: list(at(pod, "status", "containerStatuses")).reduce<number>(
      (total, status) => total + number(at(status, "restartCount")),
      0,
    ),
    lastFailure: lastFailure(ended),
    failedAt: ended === null ? null : time(at(ended, "finishedAt")),
    startedAt: lastStart(pod),
    finalizers: texts(at(pod, "metadata", "finalizers")),
    nodeSelector: textMap(at(pod, "spec", "nodeSelector")),
    hostPaths: hostPaths(pod),
    claims: claims(pod),
  };
}
