import { agentDaemonSet } from "../model/cilium-names.ts";
import type { PodFacts } from "../model/facts.ts";
import { type Waiting, waiting } from "../model/observation.ts";
import type { AgentPod } from "../model/ports/cilium.ts";
import type { Ports } from "../model/ports/ports.ts";
import type { RunScope } from "../model/step.ts";
import { crashWords } from "./crash-words.ts";
import { startRemedy } from "./start-remedy.ts";

type Asked = Pick<Ports, "pods" | "workloads">;

/** A workload whose pods are waited for. */
export interface Awaited {
  readonly namespace: string;
  readonly name: string;
  /** Only its pods there, where the others are not waited for. */
  readonly nodes?: readonly string[];
}

/** What keeps pods from starting. */
export interface StartTrouble {
  /** As the end of a sentence: " (POD: ImagePullBackOff: …)"; "" where nothing is known. */
  readonly said: string;
  /** What a person can do about it; null where nobody knows. */
  readonly remedy: string | null;
}

/** Nothing is known to keep them. */
export const noTrouble: StartTrouble = { said: "", remedy: null };

/** Pods of a Deployment belong to its ReplicaSets, which bear its name and a hash. */
const isOf = (pod: PodFacts, { namespace, name }: Awaited): boolean =>
  pod.namespace === namespace && (pod.owner?.name === name || pod.owner?.name.replace(/-[a-z0-9]+$/, "") === name);

const isAwaited = (pod: PodFacts, awaited: Awaited): boolean =>
  isOf(pod, awaited) &&
  !pod.ready &&
  pod.terminatingAt === null &&
  (awaited.nodes === undefined || pod.node === null || awaited.nodes.includes(pod.node));

/** What these pods, of which none is Ready, are told with. */
export function troubleOf(unready: readonly PodFacts[]): StartTrouble {
  const told = unready
    .map((pod) => ({ pod, why: [pod.notStarted, crashWords(pod)].filter((part) => part !== "").join(", ") }))
    .filter(({ why }) => why !== "");
  const [first] = told;
  if (!first) return noTrouble;
  const more = told.length > 1 ? `; ${told.length - 1} more like it` : "";
  return {
    said: ` (${first.pod.name}: ${first.why}${more})`,
    remedy: startRemedy(first.why, first.pod.namespace),
  };
}

/** What keeps the pods of a workload from being Ready. A pod that was never made is explained by its controller's event. */
export async function startTrouble({ pods, workloads }: Asked, awaited: Awaited): Promise<StartTrouble> {
  const { namespace, name } = awaited;
  const unready = (await pods.list()).filter((pod) => isAwaited(pod, awaited));
  if (unready.length > 0) return troubleOf(unready);
  const refused = await workloads.failedCreate(namespace, name);
  if (refused === null) return noTrouble;
  return { said: ` (no pod of ${name} may be made: ${refused})`, remedy: startRemedy(refused, namespace) };
}

/** Waits for pods to start: what keeps them from it is said, and what clears that. */
export function untilStarted(awaited: Waiting, { said, remedy }: StartTrouble): Waiting {
  const { reason } = awaited;
  if (reason.code !== "step-waits") return awaited;
  const { because, clearedBy } = reason.params;
  const overdue = remedy && `cleared by ${remedy}; then press r to go on waiting`;
  const params = { because: `${because}${said}`, clearedBy: remedy ?? clearedBy, remedy: overdue };
  return { ...awaited, reason: { ...reason, params } };
}

/** As src/kube/probe-manifest.ts names it. */
const probes = { namespace: "crossfade", name: "crossfade-probe" } as const;

/** Waits for the probe pods on these nodes, and says why there are none. */
export async function probesAwaited(ports: Asked, nodes: readonly string[]): Promise<Waiting> {
  const awaited = waiting(`the probe pods on ${nodes.slice(0, 3).join(", ")} to be Ready`, "their DaemonSet");
  return untilStarted(awaited, await startTrouble(ports, { ...probes, nodes }));
}

/** The same for one node. */
export async function probeAwaited(ports: Asked, node: string): Promise<Waiting> {
  const awaited = waiting(`a probe pod on ${node} to be Ready`, "its DaemonSet", `Node ${node}`);
  return untilStarted(awaited, await startTrouble(ports, { ...probes, nodes: [node] }));
}

/** Waits for the node's agent to be made, and says what keeps it from that. */
export async function agentAwaited({ ports, plan }: Pick<RunScope, "ports" | "plan">, node: string): Promise<Waiting> {
  const awaited = { namespace: plan.cilium.namespace, name: agentDaemonSet, nodes: [node] };
  const missing = waiting(`an agent pod on ${node}`, "the DaemonSet controller", `Node ${node}`);
  return untilStarted(missing, await startTrouble(ports, awaited));
}

/** Waits for an agent that is there to be Ready, and says what keeps it from that; `explained` of its restarts are none of its own. */
export function agentNotReady(agent: AgentPod, explained = 0): Waiting {
  const { namespace, name } = agent.ref;
  const why = agent.notStarted || agent.waitingReason;
  const said = [why, crashWords(agent, { restarts: explained })].filter((part) => part !== "").join(", ");
  const awaited = waiting(`the Cilium agent on ${agent.node} to be Ready`, "the agent", `Pod ${namespace}/${name}`);
  return untilStarted(awaited, { said: said === "" ? "" : ` (${said})`, remedy: startRemedy(why, namespace) });
}
