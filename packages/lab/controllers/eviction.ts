import type { LabClock } from "../clock.ts";
import { isEmptySelector, selects } from "../label-selector.ts";
import type { DeleteOptions, KubeObject, Store } from "../objects.ts";
import { ApiError, type ApiStatus, badRequest, conflict, forbidden, notFound } from "../store/api-error.ts";
import { withCondition } from "./conditions.ts";
import { allowance } from "./disruption-budget.ts";
import type { Pod, PodDisruptionBudget } from "./kinds.ts";
import { identity } from "./object-key.ts";
import { isFinished, isReady, isTerminating } from "./pod-state.ts";
import { timestamp } from "./timestamp.ts";

/** The policy/v1 Eviction of a POST to pods/NAME/eviction; a dryRun in the query has to be put into deleteOptions. */
export interface Eviction {
  readonly metadata?: unknown;
  readonly deleteOptions?: {
    readonly gracePeriodSeconds?: number;
    readonly dryRun?: readonly string[];
    readonly propagationPolicy?: string;
    readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  };
  readonly [field: string]: unknown;
}

const pods = { group: "", plural: "pods" };
const budgets = "policy/poddisruptionbudgets";
/** Upstream's MaxDisruptedPodSize. */
const maxDisruptedPods = 2_000;
const violates = "Cannot evict pod as it would violate the pod's disruption budget.";

/**
 * The eviction subresource: deletes the pod gracefully if its disruption budget allows, and answers as the API server
 * does. Throws ApiError: 400, 403, 404, 409, 429 (cause DisruptionBudget) or 500 (two budgets).
 */
// oxlint-disable-next-line max-params -- the parts of the request, as the HTTP server has them
export function evictPod(store: Store, clock: LabClock, namespace: string, name: string, body: Eviction): ApiStatus {
  if (nameIn(body, name) !== name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
  if (store.get("namespaces", null, namespace)?.metadata.deletionTimestamp) throw closing(namespace, name);
  const pod = store.get<Pod>("pods", namespace, name);
  if (!pod) throw notFound(pods, name);
  checkPreconditions(pod, body);
  const isDryRun = isDry(body);
  if (!isPastBudgets(pod)) askBudget(store, clock, pod, isDryRun);
  if (!isDryRun) {
    markDisrupted(store, clock, pod);
    store.delete("pods", namespace, name, deleteOptions(pod, body));
  }
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
}

/** By this a Job's podFailurePolicy tells an eviction from a failure of the pod's own. */
function markDisrupted(store: Store, clock: LabClock, pod: Pod): void {
  const { namespace, name } = identity(pod);
  const message = "Eviction API: evicting";
  const disrupted = { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI", message } as const;
  const edit = (copy: Pod) => {
    copy.status = { ...copy.status, conditions: withCondition(copy.status?.conditions, disrupted, timestamp(clock)) };
  };
  store.change<Pod>("pods", namespace, name, edit, { manager: "kube-apiserver", subresource: "status" });
}

function nameIn({ metadata }: Eviction, otherwise: string): string {
  return (metadata as { readonly name?: string } | undefined)?.name || otherwise;
}

function isDry({ deleteOptions: wanted }: Eviction): boolean {
  return wanted?.dryRun?.includes("All") ?? false;
}

/** What never ran, has run, or is going anyway disrupts nobody. */
function isPastBudgets(pod: Pod): boolean {
  return (pod.status?.phase ?? "Pending") === "Pending" || isFinished(pod) || isTerminating(pod);
}

/** Nothing depends on a pod in the lab, so how to treat dependents makes no difference. */
function deleteOptions(pod: Pod, { deleteOptions: wanted = {} }: Eviction): DeleteOptions {
  const { gracePeriodSeconds } = wanted;
  return { uid: identity(pod).uid, ...(gracePeriodSeconds === undefined ? {} : { graceSeconds: gracePeriodSeconds }) };
}

function checkPreconditions({ metadata }: Pod, { deleteOptions: wanted }: Eviction): void {
  const { uid, resourceVersion } = wanted?.preconditions ?? {};
  if (uid && uid !== metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
    throw conflict(pods, metadata.name, why);
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    const both = `${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(pods, metadata.name, `Precondition failed: ResourceVersion in precondition: ${both}`);
  }
}

function askBudget(store: Store, clock: LabClock, pod: Pod, isDryRun: boolean): void {
  const { namespace, name } = identity(pod);
  const matching = store
    .list<PodDisruptionBudget>(budgets, namespace)
    .filter(({ spec }) => !isEmptySelector(spec.selector) && selects(spec.selector, pod.metadata.labels));
  const [budget, another] = matching;
  if (another) {
    const message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw new ApiError(500, "InternalError", message);
  }
  if (!budget || isUnhealthyAndFree(pod, budget)) return;
  checkBudget(budget);
  if (!isDryRun) takeDisruption(store, clock, budget, name);
}

/** A pod that is not ready may go without being counted, by the budget's unhealthyPodEvictionPolicy. */
function isUnhealthyAndFree(pod: Pod, { spec, status = {} }: PodDisruptionBudget): boolean {
  if (isReady(pod)) return false;
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

function checkBudget({ metadata, status = {} }: PodDisruptionBudget): void {
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  const { name, generation = 1 } = metadata;
  const id = { group: "policy", plural: "poddisruptionbudgets" };
  if (observedGeneration < generation) {
    throw refused(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (disruptionsAllowed < 0) throw forbidden(id, name, "pdb disruptions allowed is negative");
  if (Object.keys(disruptedPods).length > maxDisruptedPods) {
    throw forbidden(id, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
  }
  if (disruptionsAllowed === 0) throw refused(reasonOf(name, status));
}

function reasonOf(
  name: string,
  { conditions, desiredHealthy = 0, currentHealthy = 0 }: NonNullable<PodDisruptionBudget["status"]>,
): string {
  const failed = conditions?.find(({ type, reason }) => type === "DisruptionAllowed" && reason === "SyncFailed");
  if (!failed)
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`;
}

/** 429 with the cause by which clients tell a budget from throttling; a budget that says no gives no time to retry. */
function refused(message: string, retryAfterSeconds?: number): ApiError {
  return new ApiError(429, "TooManyRequests", violates, {
    causes: [{ reason: "DisruptionBudget", message }],
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  });
}

function closing(namespace: string, name: string): ApiError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  return forbidden(pods, name, why, [{ reason: "NamespaceTerminating", message, field: "metadata.namespace" }]);
}

function takeDisruption(store: Store, clock: LabClock, budget: PodDisruptionBudget, pod: string): void {
  const { namespace, name } = identity(budget);
  const now = timestamp(clock);
  const edit = (copy: KubeObject & PodDisruptionBudget) => {
    const left = (copy.status?.disruptionsAllowed ?? 0) - 1;
    const condition = { ...allowance(left), observedGeneration: copy.status?.observedGeneration ?? 0 };
    copy.status = {
      ...copy.status,
      disruptionsAllowed: left,
      disruptedPods: { ...copy.status?.disruptedPods, [pod]: now },
      conditions: withCondition(copy.status?.conditions, condition, now),
    };
  };
  store.change<PodDisruptionBudget>(budgets, namespace, name, edit, {
    manager: "kube-apiserver",
    subresource: "status",
  });
}
