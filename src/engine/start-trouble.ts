import { agentDaemonSet } from "./cilium-names.ts";
import { crashWords } from "./crash-words.ts";
import type { PodFacts } from "./facts.ts";
import type { Ports } from "./ports.ts";
import { type RunScope, type Waiting, waiting } from "./step.ts";

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

/**
 * What keeps the pods of a workload from being Ready, as the end of a sentence: " (POD: ImagePullBackOff: …)"; "" where nothing
 * is known. A pod that was never made is explained by its controller's event.
 */
export async function startTrouble(
  { pods, workloads }: Pick<Ports, "pods" | "workloads">,
  awaited: Awaited,
): Promise<string> {
  const unready = (await pods.list()).filter((pod) => isAwaited(pod, awaited));
  const told = unready
    .map((pod) => ({ pod, why: [pod.notStarted, crashWords(pod)].filter((part) => part !== "").join(", ") }))
    .filter(({ why }) => why !== "");
  const [first] = told;
  if (first) {
    const more = told.length > 1 ? `; ${told.length - 1} more like it` : "";
    return ` (${first.pod.name}: ${first.why}${more})`;
  }
  if (unready.length > 0) return "";
  const refused = await workloads.failedCreate(awaited.namespace, awaited.name);
  return refused === null ? "" : ` (no pod of ${awaited.name} may be made: ${refused})`;
}

/** As src/kube/probe-manifest.ts names it. */
const probes = { namespace: "crossfade", name: "crossfade-probe" } as const;

/** The same of our probe pods on these nodes. */
export const probeTrouble = (ports: Pick<Ports, "pods" | "workloads">, nodes: readonly string[]): Promise<string> =>
  startTrouble(ports, { ...probes, nodes });

/** Waits for the node's probe pod, and says why there is none. */
export const probeAwaited = async (ports: Pick<Ports, "pods" | "workloads">, node: string): Promise<Waiting> =>
  waiting(`a probe pod on ${node} to be Ready${await probeTrouble(ports, [node])}`, "its DaemonSet", `Node ${node}`);

/** Waits for the node's agent to be made, and says what keeps it from that. */
export async function agentAwaited({ ports, plan }: Pick<RunScope, "ports" | "plan">, node: string): Promise<Waiting> {
  const why = await startTrouble(ports, { namespace: plan.cilium.namespace, name: agentDaemonSet, nodes: [node] });
  return waiting(`an agent pod on ${node}${why}`, "the DaemonSet controller", `Node ${node}`);
}
