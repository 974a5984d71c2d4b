import type { KubeObject, ObjectMeta } from "../objects.ts";
import type { EraseOptions } from "./api-store.ts";
import { at, stringsIn } from "./json-tree.ts";

const foreground = "foregroundDeletion";
const orphan = "orphan";

/** The finalizers by which a delete tells the garbage collector what it wants. */
export function finalizersFor(object: KubeObject, propagation: EraseOptions["propagation"]): string[] {
  const others = (object.metadata.finalizers ?? []).filter((each) => each !== foreground && each !== orphan);
  if (propagation === "Foreground") return [...others, foreground];
  if (propagation === "Orphan") return [...others, orphan];
  return propagation === "Background" ? others : [...(object.metadata.finalizers ?? [])];
}

/** Seconds that a delete leaves an object; only pods on a node that still run get any. */
function graceOf(object: KubeObject, asked: number | undefined): number {
  if (object.kind !== "Pod" || object.apiVersion !== "v1") return 0;
  const phase = at(object, "status", "phase");
  if (!at(object, "spec", "nodeName") || phase === "Succeeded" || phase === "Failed") return 0;
  const grace = asked ?? Number(at(object, "spec", "terminationGracePeriodSeconds") ?? 30);
  return grace < 0 ? 1 : grace;
}

/** Whether nothing holds an object that is being deleted. */
export function mayGo(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  if (!deletionTimestamp || deletionGracePeriodSeconds > 0 || finalizers.length > 0) return false;
  return !isNamespace(object) || stringsIn(at(object, "spec", "finalizers")).length === 0;
}

export function isNamespace(object: KubeObject): boolean {
  return object.kind === "Namespace" && object.apiVersion === "v1";
}

/** The metadata of an object that waits for its end; null when it waits already and no shorter grace is asked for. */
export function soonerMark(object: KubeObject, askedSeconds: number | undefined, nowMs: number): ObjectMeta | null {
  const { metadata } = object;
  const grace = graceOf(object, askedSeconds);
  const { deletionTimestamp, deletionGracePeriodSeconds: earlier = 0 } = metadata;
  const asked = askedSeconds !== undefined || grace === 0;
  if (deletionTimestamp && !(asked && grace < earlier)) return null;
  const since = deletionTimestamp ? Date.parse(deletionTimestamp) - earlier * 1000 : nowMs;
  const generation = metadata.generation ? { generation: metadata.generation + 1 } : {};
  return {
    ...metadata,
    ...generation,
    deletionTimestamp: timestamp(since + grace * 1000),
    deletionGracePeriodSeconds: grace,
  };
}

/** RFC 3339 with whole seconds, as metav1.Time is written. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
