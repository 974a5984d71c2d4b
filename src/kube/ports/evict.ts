import type { V1Eviction } from "@kubernetes/client-node";
import type { EvictionAnswer } from "../../engine/model/cluster/eviction-answer.ts";
import { Unavailable } from "../../engine/model/errors.ts";
import type { PodRef } from "../../engine/model/facts.ts";
import { admissionAnswer } from "../client/admission.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import type { AsJson, KubeObject } from "../objects/kube-object.ts";

/** Budgets' own causes say more than the message: "needs 1 healthy pods and has 1 currently". */
function budgetMessage(error: ApiError): string {
  const cause = error.causes.find(({ reason }) => reason === "DisruptionBudget");
  return cause === undefined || cause.message === "" ? error.message : cause.message;
}

const askForRights = "ask for the right to create pods/eviction, or exclude the node";

function tooMany(error: ApiError): EvictionAnswer {
  if (error.causes.some(({ reason }) => reason === "DisruptionBudget")) {
    return { kind: "blocked", message: budgetMessage(error), retryAfterMs: error.retryAfterMs };
  }
  return { kind: "throttled", retryAfterMs: error.retryAfterMs ?? 1_000 };
}

function forbidden(error: ApiError): EvictionAnswer {
  if (error.causes.some(({ reason }) => reason === "NamespaceTerminating")) {
    return { kind: "blocked", message: `its namespace is being deleted: ${error.message}`, retryAfterMs: 5_000 };
  }
  // The budget's controller lags behind: https://github.com/kubernetes/kubernetes pkg/registry/core/pod/storage/eviction.go
  if (/disruptions allowed is negative|DisruptedPods map too big/i.test(error.message)) {
    return { kind: "blocked", message: error.message, retryAfterMs: 10_000 };
  }
  return { kind: "refused", message: error.message, remedy: askForRights };
}

function serverError(error: ApiError): EvictionAnswer {
  if (/more than one PodDisruptionBudget/i.test(error.message)) {
    return {
      kind: "refused",
      message: error.message,
      remedy: "leave one PodDisruptionBudget that selects the pod, then retry",
    };
  }
  if (error.status === 504) return { kind: "throttled", retryAfterMs: error.retryAfterMs ?? 10_000 };
  throw new Unavailable(error.message, error.retryAfterMs, { cause: error });
}

/** What the API server's refusal of an eviction means, by the table of the eviction handler's answers. */
function judgeEviction(error: ApiError): EvictionAnswer {
  const admission = admissionAnswer(error);
  if (admission) {
    const { by, message } = admission;
    const unavailable = admission.kind === "unavailable";
    return { kind: "admission", by, unavailable, message, retryAfterMs: error.retryAfterMs };
  }
  switch (error.status) {
    case 404:
      return { kind: "gone" };
    // A precondition on the uid failed: another pod bears the name.
    case 409:
      return { kind: "gone" };
    case 429:
      return tooMany(error);
    case 401:
      throw new Unavailable(`the API server no longer accepts our credentials: ${error.message}`, null, {
        cause: error,
        clearedBy: "credentials that it accepts",
      });
    case 403:
      return forbidden(error);
    case 400:
    case 405:
    case 422:
      return {
        kind: "refused",
        message: error.message,
        remedy: "correct what the message names, then retry",
      };
    default:
      return serverError(error);
  }
}

/** What became of an eviction whose answer was lost; null when the pod is there as it was. */
async function afterwards(client: KubeClient, pod: PodRef): Promise<EvictionAnswer | null> {
  const now = await client.find<KubeObject>(`/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`);
  if (now === null || now.metadata.uid !== pod.uid) return { kind: "gone" };
  return now.metadata.deletionTimestamp === undefined ? null : { kind: "accepted" };
}

/** Asks for evictions, each once: one whose answer was lost is looked after before it is asked for again. */
export class Evictions {
  readonly #client: KubeClient;
  /** Uids of pods of whose eviction we do not know. */
  readonly #unknown = new Set<string>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** One try; what to do about a "not now" is the drain's to decide. */
  async evict(pod: PodRef): Promise<EvictionAnswer> {
    if (this.#unknown.has(pod.uid)) {
      const known = await afterwards(this.#client, pod);
      this.#unknown.delete(pod.uid);
      if (known !== null) return known;
    }
    const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/eviction`;
    const eviction = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { namespace: pod.namespace, name: pod.name },
      deleteOptions: { preconditions: { uid: pod.uid } },
    } satisfies AsJson<V1Eviction>;
    try {
      await this.#client.create(path, eviction, { retry: false });
      return { kind: "accepted" };
    } catch (error) {
      // The server may have done it: no answer, an answer that broke off, or one of somebody before it.
      const isAnswer = error instanceof ApiError && (error.status < 500 || admissionAnswer(error) !== null);
      if (!isAnswer) this.#unknown.add(pod.uid);
      if (!(error instanceof ApiError)) throw error;
      return judgeEviction(error);
    }
  }
}
