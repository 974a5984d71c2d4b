import type { ObjectRef } from "../../../model/cluster/object-ref.ts";
import { type Observation, waiting, waitingFor } from "../../../model/observation.ts";
import type { JsonObject, JsonValue, SourceFacts } from "../../../model/plan-types.ts";
import type { Ports } from "../../../model/ports/ports.ts";
import { inTheWay, type Reason, reason } from "../../../model/reason.ts";
import { startTrouble } from "../../../observe/start-trouble.ts";
import { calicoSetup } from "../setup.ts";
import { byInternalIp, couldTakeCilium, detectionVariable } from "./detection.ts";
import { isObject, listAt, numberAt, part, textAt } from "./json.ts";
import { daemonSetOf, installation, nameOf } from "./refs.ts";

/** On the object that was changed: what was there before, as JSON. */
export const detectionMark = "crossfade/address-detection";

const container = "calico-node";
const containersPath = ["spec", "template", "spec", "containers"] as const;
const operatorPath = ["spec", "calicoNetwork", "nodeAddressAutodetectionV4"] as const;

const isNamed =
  (name: string) =>
  (one: JsonValue): one is JsonObject =>
    isObject(one) && one["name"] === name;

function variableOf(daemonSet: JsonObject): JsonObject | null {
  const own = listAt(daemonSet, ...containersPath).find(isNamed(container));
  return listAt(own, "env").find(isNamed(detectionVariable)) ?? null;
}

/** The method that the pods have; "" where none is set. */
const methodOf = (daemonSet: JsonObject): string => textAt(variableOf(daemonSet) ?? {}, "value");

/** The DaemonSet's containers with this method, the rest as it was. */
function withMethod(daemonSet: JsonObject): readonly JsonValue[] {
  const pinned = { name: detectionVariable, value: byInternalIp };
  return listAt(daemonSet, ...containersPath).map((one) => {
    if (!isNamed(container)(one)) return one;
    const others = listAt(one, "env").filter((entry) => !isNamed(detectionVariable)(entry));
    return { ...one, env: [...others, pinned] };
  });
}

/** Kept with the change itself, and only the first time: what was there before we came is what counts. */
function marked(object: JsonObject, before: JsonValue): JsonObject {
  const isMarked = textAt(object, "metadata", "annotations", detectionMark) !== "";
  return isMarked ? {} : { annotations: { [detectionMark]: JSON.stringify(before) } };
}

/** Only of what was read: a list is replaced whole, and another may have changed it meanwhile. */
const readAs = (object: JsonObject): JsonObject => {
  const version = part(object, "metadata", "resourceVersion");
  return version === undefined ? {} : { resourceVersion: version };
};

async function pinDaemonSet({ objects }: Ports, daemonSet: ObjectRef): Promise<void> {
  const now = await objects.get(daemonSet);
  if (now === null) return;
  await objects.merge(daemonSet, {
    metadata: { ...readAs(now), ...marked(now, variableOf(now)) },
    spec: { template: { spec: { containers: withMethod(now) } } },
  });
}

async function pinInstallation({ objects }: Ports): Promise<void> {
  const now = await objects.get(installation);
  if (now === null) return;
  const before = part(now, ...operatorPath);
  if (textAt(before, "kubernetes") === "NodeInternalIP") return;
  // The operator refuses two methods at once.
  const others = isObject(before) ? Object.fromEntries(Object.keys(before).map((key) => [key, null])) : {};
  await objects.merge(installation, {
    metadata: { ...readAs(now), ...marked(now, before ?? null) },
    spec: { calicoNetwork: { nodeAddressAutodetectionV4: { ...others, kubernetes: "NodeInternalIP" } } },
  });
}

/** The object in which the method is set: with an operator, its DaemonSet follows. */
export const pinnedObject = (source: SourceFacts): ObjectRef =>
  calicoSetup(source).install === "operator" ? installation : daemonSetOf(source);

/** Changes it where it could take Cilium's link; nothing where it could not. */
export async function pin(ports: Ports, source: SourceFacts, podCidr: string): Promise<void> {
  const daemonSet = daemonSetOf(source);
  const now = await ports.objects.get(daemonSet);
  if (now === null || !couldTakeCilium(methodOf(now), podCidr)) return;
  await (calicoSetup(source).install === "operator" ? pinInstallation(ports) : pinDaemonSet(ports, daemonSet));
}

/** What is waited for until the DaemonSet says a method that cannot take Cilium's link; null once it does. */
export async function notPinned(
  ports: Ports,
  source: SourceFacts,
  podCidr: string,
): Promise<{ readonly wait: Observation | null; readonly daemonSet: JsonObject | null }> {
  const ref = daemonSetOf(source);
  const daemonSet = await ports.objects.get(ref);
  if (daemonSet === null) return { wait: waiting("workload-missing", { name: ref.name }), daemonSet };
  if (!couldTakeCilium(methodOf(daemonSet), podCidr)) return { wait: null, daemonSet };
  const facts = { object: nameOf(ref), field: detectionVariable, value: byInternalIp };
  return { wait: waitingFor(reason("source-object", facts, { object: ref })), daemonSet };
}

const operatorValue = "kubernetes: NodeInternalIP";

/** What the Installation says, as a person would write it: "firstFound: true". */
function operatorMethod(object: JsonObject | null): string {
  const method = part(object ?? {}, ...operatorPath);
  if (!isObject(method)) return "";
  return Object.entries(method)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

/** By which a person puts the Installation right: the operator refuses two methods at once. */
function patchCommand(object: JsonObject | null): string {
  const method = part(object ?? {}, ...operatorPath);
  const others = isObject(method) ? Object.keys(method).filter((key) => key !== "kubernetes") : [];
  const right = { ...Object.fromEntries(others.map((key) => [key, null])), kubernetes: "NodeInternalIP" };
  const patch = { spec: { calicoNetwork: { nodeAddressAutodetectionV4: right } } };
  return `kubectl patch installation ${installation.name} --type merge -p '${JSON.stringify(patch)}'`;
}

async function undoneOfOperator({ objects }: Ports): Promise<Reason | null> {
  const object = await objects.get(installation);
  const found = operatorMethod(object);
  if (found === operatorValue) return null;
  const facts = { object: nameOf(installation), field: operatorPath.slice(1).join("."), value: operatorValue, found };
  const rest = { object: installation, clearedBy: "person" } as const;
  return reason("source-setting-undone", { ...facts, fix: patchCommand(object) }, rest);
}

function undoneOfDaemon(ref: ObjectRef, daemonSet: JsonObject): Reason {
  const { namespace, name } = ref;
  const pair = `${detectionVariable}=${byInternalIp}`;
  const fix = `kubectl -n ${namespace ?? ""} set env daemonset/${name} -c ${container} ${pair}`;
  const facts = { object: nameOf(ref), field: detectionVariable, value: byInternalIp, found: methodOf(daemonSet) };
  return reason("source-setting-undone", { ...facts, fix }, { object: ref, clearedBy: "person" });
}

/**
 * What is waited for while the method is one that could take Cilium's link, though the run had made sure of it: nobody but a
 * person puts it right, and the pods have it only once they were replaced. Null where all is as it was left.
 */
export async function undone(ports: Ports, source: SourceFacts, podCidr: string): Promise<Observation | null> {
  const { wait, daemonSet } = await notPinned(ports, source, podCidr);
  if (daemonSet === null) return wait;
  const ref = daemonSetOf(source);
  if (wait === null) return notReplaced(ref, daemonSet);
  if (calicoSetup(source).install !== "operator") return waitingFor(undoneOfDaemon(ref, daemonSet));
  const why = await undoneOfOperator(ports);
  // The Installation is right, and its operator has not written it yet.
  return why === null ? wait : waitingFor(why);
}

/** Pods that still run as the DaemonSet was before: those of a node that is away do not count as ready, but as replaced. */
function notReplaced({ name, namespace }: ObjectRef, daemonSet: JsonObject): Observation | null {
  const status = part(daemonSet, "status");
  const desired = numberAt(status, "desiredNumberScheduled");
  const isSeen = numberAt(status, "observedGeneration") >= numberAt(daemonSet, "metadata", "generation");
  const updated = isSeen ? numberAt(status, "updatedNumberScheduled") : 0;
  if (updated >= desired) return null;
  const facts = { name, updated, desired, ready: numberAt(status, "numberReady"), trouble: null };
  return waiting("workload-rolling-out", facts, { object: inTheWay("DaemonSet", name, namespace) });
}

/** What is waited for until every pod of it runs as it is written now; null once they do. */
export async function notRolledOut(ports: Ports, ref: ObjectRef, daemonSet: JsonObject): Promise<Observation | null> {
  const status = part(daemonSet, "status");
  const desired = numberAt(status, "desiredNumberScheduled");
  const isSeen = numberAt(status, "observedGeneration") >= numberAt(daemonSet, "metadata", "generation");
  const updated = isSeen ? numberAt(status, "updatedNumberScheduled") : 0;
  const ready = numberAt(status, "numberReady");
  if (isSeen && updated >= desired && ready >= desired) return null;
  const { name, namespace } = ref;
  const trouble = await startTrouble(ports, { namespace: namespace ?? "", name });
  const object = inTheWay("DaemonSet", name, namespace);
  return waiting("workload-rolling-out", { name, updated, desired, ready, trouble }, { object });
}

/** What was there before, as a person would write it; null where nothing of ours is on it. */
export async function methodBefore({ objects }: Ports, ref: ObjectRef): Promise<string | null> {
  const mark = textAt((await objects.get(ref)) ?? {}, "metadata", "annotations", detectionMark);
  if (mark === "") return null;
  try {
    const before = JSON.parse(mark) as JsonValue;
    if (before === null) return "not set";
    return isNamed(detectionVariable)(before) ? textAt(before, "value") || mark : mark;
  } catch {
    return mark;
  }
}
