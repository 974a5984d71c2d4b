import type { Raw, RawApi } from "./raw-api.ts";

export const pods = "/api/v1/pods";
export const budgets = "/apis/policy/v1/poddisruptionbudgets";

export const ownerOf = (pod: Raw): string => pod.metadata.ownerReferences?.[0]?.kind ?? "";
export const pathOf = ({ metadata }: Raw): string => `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;

const guards = (budget: Raw, pod: Raw): boolean =>
  budget.metadata.namespace === pod.metadata.namespace &&
  Object.entries(budget.spec.selector?.matchLabels ?? {}).every(([key, value]) => pod.metadata.labels?.[key] === value);

/** Evicts at once whatever its budget allows, again at every event, until the node is empty. */
export async function drainByWatch(api: RawApi, node: string): Promise<void> {
  const asking = new Set<string>();
  const leaving = () =>
    api
      .objects(pods)
      .filter((pod) => pod.spec.nodeName === node && ownerOf(pod) !== "DaemonSet" && ownerOf(pod) !== "Node");
  const evict = async (pod: Raw) => {
    const { namespace, name } = pod.metadata;
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { namespace, name } };
    const { status } = await api.call("POST", `${pathOf(pod)}/eviction`, eviction);
    if (status === 429) asking.delete(pod.metadata.uid);
    else if (status >= 300 && status !== 404) throw new Error(`eviction of ${name}: ${status}`);
  };
  const allowed = (pod: Raw) =>
    api
      .objects(budgets)
      .filter((one) => guards(one, pod))
      .every((one) => (one.status.disruptionsAllowed ?? 0) > 0);
  await api.until(`${node} to be empty`, () => {
    const left = leaving();
    for (const pod of left.filter(({ metadata }) => !metadata.deletionTimestamp && !asking.has(metadata.uid))) {
      if (!allowed(pod)) continue;
      asking.add(pod.metadata.uid);
      void evict(pod);
    }
    return left.length === 0;
  });
}
