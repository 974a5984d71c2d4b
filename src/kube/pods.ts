import type { PodFacts, PodRef } from "../engine/facts.ts";
import type { Pods } from "../engine/ports.ts";
import { ApiError } from "./api-error.ts";
import { Evictions } from "./evict.ts";
import type { KubeClient } from "./kube-client.ts";
import { listAs } from "./pages.ts";
import { podFacts } from "./pod-facts.ts";
import type { Watches } from "./watch.ts";

/** With the uid as precondition: neither an absent pod nor another of the same name is touched. */
export async function deletePod(client: KubeClient, pod: PodRef, graceSeconds?: number): Promise<void> {
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
