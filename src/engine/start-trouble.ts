import type { PodFacts } from "./facts.ts";
import type { Ports } from "./ports.ts";

/** A workload whose pods are waited for. */
export interface Awaited {
  readonly namespace: string;
  readonly name: string;
  /** Only its pods there, where the others are not waited for. */
  readonly nodes?: readonly string[];
}

/** Pods of a Deployment belong to its ReplicaSets, which bear its name and a hash. */
const isOf = (pod: PodFacts, { namespace, name }: Awaited): boolean =>
  pod.namespace === namespace && (pod.owner?.name === name || pod.owner?.name.replace(/-[a-z0-9]+$/, "") === name);

const isAwaited = (pod: PodFacts, awaited: Awaited): boolean =>
  isOf(pod, awaited) &&
  !pod.ready &&
  pod.terminatingAt === null &&
  (awaited.nodes === undefined || pod.node === null || awaited.nodes.includes(pod.node));

const crashed = ({ restarts, lastFailure }: PodFacts): string =>
  restarts > 0 && lastFailure !== "" ? `${restarts} restarts, ${lastFailure}` : "";

/**
 * What keeps the pods of a workload from being Ready, as the end of a sentence: " (POD: ImagePullBackOff: …)"; "" where nothing
 * is known. A pod that was never made is explained by its controller's event.
 */
export async function startTrouble(
  { pods, workloads }: Pick<Ports, "pods" | "workloads">,
  awaited: Awaited,
): Promise<string> {
  const waiting = (await pods.list()).filter((pod) => isAwaited(pod, awaited));
  const told = waiting
    .map((pod) => ({ pod, why: [pod.notStarted, crashed(pod)].filter((part) => part !== "").join(", ") }))
    .filter(({ why }) => why !== "");
  const [first] = told;
  if (first) {
    const more = told.length > 1 ? `; ${told.length - 1} more like it` : "";
    return ` (${first.pod.name}: ${first.why}${more})`;
  }
  if (waiting.length > 0) return "";
  const refused = await workloads.failedCreate(awaited.namespace, awaited.name);
  return refused === null ? "" : ` (no pod of ${awaited.name} may be made: ${refused})`;
}
