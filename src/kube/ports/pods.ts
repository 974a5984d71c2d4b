import type { PodFacts, PodRef } from "../../engine/model/facts.ts";
import type { Pods } from "../../engine/model/ports/pods.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { podFacts } from "../inventory/pod-facts.ts";
import { listAs } from "../objects/pages.ts";
import type { Watches } from "../watch/watch.ts";
import { Evictions } from "./evict.ts";

/** With the uid as precondition: neither an absent pod nor another of the same name is touched. */
async function deletePod(client: KubeClient, pod: PodRef, graceSeconds?: number): Promise<void> {
  const grace = graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds };
  const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: pod.uid }, ...grace };
  try {
    await client.delete(`/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`, body);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
  }
}

/** The port `pods`. */
export function kubePods(client: KubeClient, watches: Watches): Pods {
  const evictions = new Evictions(client);
  return {
    async list() {
      return [...(await watches.synced("pods")).all()];
    },
    async on(node) {
      return (await watches.synced("pods")).on(node);
    },
    onFresh: (node) =>
      listAs<PodFacts>(client, "/api/v1/pods", podFacts, { query: { fieldSelector: `spec.nodeName=${node}` } }),
    async budgets() {
      return [...(await watches.synced("budgets")).all()];
    },
    evict: (pod) => evictions.evict(pod),
    delete: (pod, options) => deletePod(client, pod, options?.graceSeconds),
  };
}
