import { podLabel } from "../drain/judge.ts";
import type { PodFacts } from "../model/facts.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import type { NodeScope } from "../model/step.ts";
import { crashWords } from "./crash-words.ts";

type Scope = Pick<NodeScope, "ports" | "plan" | "node" | "before">;

const setOf = ({ namespace, owner }: PodFacts): string => `${namespace}/${owner?.name ?? ""}`;

/** Pods of DaemonSets on the node that are not Ready; the CNIs' own are judged by what they do. */
async function notReady({ ports, plan, node }: Omit<Scope, "before">): Promise<readonly PodFacts[]> {
  const cnis = new Set(plan.source.daemonSets.map((name) => `${plan.source.namespace}/${name}`));
  return (await ports.pods.on(node)).filter(
    (pod) => pod.owner?.kind === "DaemonSet" && !pod.ready && pod.terminatingAt === null && !cnis.has(setOf(pod)),
  );
}

/** DaemonSets that have no Ready pod on the node before it is touched: they prove nothing afterwards. */
export async function daemonsDown(scope: Omit<Scope, "before">): Promise<readonly string[]> {
  return [...new Set((await notReady(scope)).map(setOf))].sort();
}

function trouble(pod: PodFacts, { before }: Scope): string {
  const asked = before?.rebootAsked;
  const crashed = crashWords(pod, asked === undefined ? {} : { until: asked.at });
  const words = [pod.notStarted || pod.waitingReason, crashed].filter((word) => word !== "");
  return words.length === 0 ? "" : ` (${words.join(", ")})`;
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
  return waiting(
    `${podLabel(first)} to be Ready again, as its DaemonSet is on other nodes${trouble(first, scope)}`,
    "whoever runs it; or take the node back",
    `Pod ${podLabel(first)}`,
  );
}
