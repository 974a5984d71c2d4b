import { agentDaemonSet } from "../model/cilium-names.ts";
import type { PodFacts } from "../model/facts.ts";
import { type Waiting, waiting } from "../model/observation.ts";
import type { AgentPod } from "../model/ports/cilium.ts";
import type { Ports } from "../model/ports/ports.ts";
import { named, type RequestKind, theNode, thePod } from "../model/reason.ts";
import type { StartTrouble } from "../model/reasons/start-trouble.ts";
import type { RunScope } from "../model/step.ts";
import { type Bygone, ownCrashes } from "./own-crashes.ts";
import { startCause } from "./start-cause.ts";

type Asked = Pick<Ports, "pods" | "workloads">;

/** A workload whose pods are waited for. */
export interface Awaited {
  readonly namespace: string;
  readonly name: string;
  /** Only its pods there, where the others are not waited for. */
  readonly nodes?: readonly string[];
}

/** What keeps pods from starting; null where nothing is known to. */
export type Kept = StartTrouble | null;

/** What a person may ask for where pods do not start. */
export const actionsOn = (trouble: Kept): readonly RequestKind[] => (trouble?.cause ? ["retry"] : []);

/** Pods of a Deployment belong to its ReplicaSets, which bear its name and a hash. */
const isOf = (pod: PodFacts, { namespace, name }: Awaited): boolean =>
  pod.namespace === namespace && (pod.owner?.name === name || pod.owner?.name.replace(/-[a-z0-9]+$/, "") === name);

const isAwaited = (pod: PodFacts, awaited: Awaited): boolean =>
  isOf(pod, awaited) &&
  !pod.ready &&
  pod.terminatingAt === null &&
  (awaited.nodes === undefined || pod.node === null || awaited.nodes.includes(pod.node));

type Unready = Pick<PodFacts, "notStarted" | "restarts" | "lastFailure" | "failedAt">;

/** What keeps one pod from being Ready. */
export function startTroubleOf(pod: Unready, namespace: string, bygone: Bygone = {}): Kept {
  const crashes = ownCrashes(pod, bygone);
  if (pod.notStarted === "" && crashes.lastFailure === "") return null;
  const why = pod.notStarted;
  return { pod: null, unmade: null, namespace, why, ...crashes, more: 0, ...startCause(why) };
}

/** What keeps these pods, of which none is Ready, from starting. */
export function troubleOf(unready: readonly PodFacts[]): Kept {
  const [first, ...others] = unready.flatMap((pod) => {
    const trouble = startTroubleOf(pod, pod.namespace);
    return trouble ? [{ ...trouble, pod: pod.name }] : [];
  });
  return first ? { ...first, more: others.length } : null;
}

/** What keeps the pods of a workload from being Ready. A pod that was never made is explained by its controller's event. */
export async function startTrouble({ pods, workloads }: Asked, awaited: Awaited): Promise<Kept> {
  const { namespace, name } = awaited;
  const unready = (await pods.list()).filter((pod) => isAwaited(pod, awaited));
  if (unready.length > 0) return troubleOf(unready);
  const why = await workloads.failedCreate(namespace, name);
  if (why === null) return null;
  return { pod: null, unmade: name, namespace, why, restarts: 0, lastFailure: "", more: 0, ...startCause(why) };
}

/** As src/kube/probe-manifest.ts names it. */
const probes = { namespace: "crossfade", name: "crossfade-probe" } as const;

/** Waits for the probe pods on these nodes, and says why there are none. */
export async function probesAwaited(ports: Asked, nodes: readonly string[]): Promise<Waiting> {
  const trouble = await startTrouble(ports, { ...probes, nodes });
  const [only] = nodes;
  const object = nodes.length === 1 && only !== undefined ? theNode(only) : null;
  return waiting("probes-not-ready", { ...named(nodes), trouble }, { object, actions: actionsOn(trouble) });
}

/** The same for one node. */
export const probeAwaited = (ports: Asked, node: string): Promise<Waiting> => probesAwaited(ports, [node]);

/** Waits for the node's agent to be made, and says what keeps it from that. */
export async function agentAwaited({ ports, plan }: Pick<RunScope, "ports" | "plan">, node: string): Promise<Waiting> {
  const awaited = { namespace: plan.cilium.namespace, name: agentDaemonSet, nodes: [node] };
  const trouble = await startTrouble(ports, awaited);
  return waiting("agent-missing", { node, trouble }, { object: theNode(node), actions: actionsOn(trouble) });
}

/** Waits for an agent that is there to be Ready, and says what keeps it from that; `explained` of its restarts are none of its own. */
export function agentNotReady(agent: AgentPod, explained = 0): Waiting {
  const unready = { ...agent, notStarted: agent.notStarted || agent.waitingReason };
  const trouble = startTroubleOf(unready, agent.ref.namespace, { restarts: explained });
  const rest = { object: thePod(agent.ref), actions: actionsOn(trouble) };
  return waiting("agent-not-ready", { node: agent.node, trouble }, rest);
}
