import type { ControlPlane } from "../control-plane.ts";
import type { Deployment, Pod, PodDisruptionBudget } from "../kinds.ts";
import { controllerOf } from "../owners.ts";
import { scaledValue } from "./int-or-percent.ts";

/** How many pods a budget counts with, or why that cannot be said. */
export type Expectation =
  | { readonly ok: true; readonly expected: number; readonly desired: number }
  | { readonly ok: false; readonly why: string };

interface Scaled {
  readonly metadata: { readonly uid?: string };
  readonly spec: { readonly replicas?: number };
}

/** An absolute minAvailable counts the pods that are there; all else the scale of the controllers behind them. */
export function expectation(plane: ControlPlane, budget: PodDisruptionBudget, pods: readonly Pod[]): Expectation {
  const { minAvailable, maxUnavailable } = budget.spec;
  if (maxUnavailable === undefined && typeof minAvailable === "number") {
    return { ok: true, expected: pods.length, desired: minAvailable };
  }
  const scale = scaleBehind(plane, pods);
  if (typeof scale === "string") return { ok: false, why: scale };
  if (maxUnavailable !== undefined) {
    return { ok: true, expected: scale, desired: Math.max(0, scale - scaledValue(maxUnavailable, scale, "up")) };
  }
  return { ok: true, expected: scale, desired: scaledValue(minAvailable ?? 0, scale, "up") };
}

/** The replicas of all controllers together; pods without one count nothing, one that has no scale is an error. */
function scaleBehind(plane: ControlPlane, pods: readonly Pod[]): number | string {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (!owner || scales.has(owner.uid)) continue;
    const found = controllerScale(plane, pod.metadata.namespace ?? "", owner);
    if (!found) return `${plural(owner)} does not implement the scale subresource`;
    scales.set(found.metadata.uid ?? owner.uid, found.spec.replicas ?? 1);
    if (found.metadata.uid !== owner.uid) scales.set(owner.uid, 0);
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
}

interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

function controllerScale({ store }: ControlPlane, namespace: string, { apiVersion, kind, name }: Owner): Scaled | null {
  if (apiVersion !== "apps/v1") return null;
  if (kind === "StatefulSet") return store.get<Deployment>("apps/statefulsets", namespace, name) ?? null;
  if (kind !== "ReplicaSet") return null;
  const set = store.get<Deployment>("apps/replicasets", namespace, name);
  const above = set && controllerOf(set);
  if (above?.kind !== "Deployment") return set ?? null;
  return store.get<Deployment>("apps/deployments", namespace, above.name) ?? null;
}

function plural({ apiVersion, kind }: Owner): string {
  const [group] = apiVersion.includes("/") ? apiVersion.split("/") : [""];
  return `${kind.toLowerCase()}s${group ? `.${group}` : ""}`;
}
