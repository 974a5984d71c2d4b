import type { PodFacts } from "../model/facts.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { isPodOfSource } from "../model/plan/source-workloads.ts";
import { thePod } from "../model/reason.ts";
import type { StartTrouble } from "../model/reasons/start-trouble.ts";
import type { NodeScope } from "../model/step.ts";
import { startTroubleOf } from "./start-trouble.ts";

type Scope = Pick<NodeScope, "ports" | "plan" | "node" | "before">;

const setOf = ({ namespace, owner }: PodFacts): string => `${namespace}/${owner?.name ?? ""}`;

/** Pods of DaemonSets on the node that are not Ready; the CNIs' own are judged by what they do. */
async function notReady({ ports, plan, node }: Omit<Scope, "before">): Promise<readonly PodFacts[]> {
  return (await ports.pods.on(node)).filter(
    (pod) =>
      pod.owner?.kind === "DaemonSet" && !pod.ready && pod.terminatingAt === null && !isPodOfSource(plan.source, pod),
  );
}

/** DaemonSets that have no Ready pod on the node before it is touched: they prove nothing afterwards. */
export async function daemonsDown(scope: Omit<Scope, "before">): Promise<readonly string[]> {
  return [...new Set((await notReady(scope)).map(setOf))].sort();
}

function troubleOf(pod: PodFacts, { before }: Scope): StartTrouble | null {
  const asked = before?.rebootAsked;
  const bygone = asked === undefined ? {} : { until: asked.at };
  return startTroubleOf({ ...pod, notStarted: pod.notStarted || pod.waitingReason }, pod.namespace, bygone);
}

/**
 * What ran on every node must run here again before pods may come back: an agent that counts on the old CNI's file or
 * bridge fails on the first node, and not on all of them.
 */
export async function daemonsBack(scope: Scope): Promise<Observation> {
  const down = await notReady(scope);
  if (down.length === 0) return done;
  const before = new Set(scope.before?.daemonsDown ?? []);
  const sets = await scope.ports.workloads.list();
  const readyElsewhere = new Set(
    sets
      .filter(({ kind, ready }) => kind === "DaemonSet" && ready > 0)
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
  const [first] = down.filter((pod) => readyElsewhere.has(setOf(pod)) && !before.has(setOf(pod)));
  if (!first) return done;
  const params = { namespace: first.namespace, pod: first.name, trouble: troubleOf(first, scope) };
  return waiting("daemonset-pod-not-ready", params, { object: thePod(first), actions: ["retry", "rollback"] });
}
