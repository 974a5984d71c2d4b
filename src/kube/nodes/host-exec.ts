import { CrossfadeError } from "../../engine/model/errors.ts";
import type { PodFacts } from "../../engine/model/facts.ts";
import { reason } from "../../engine/model/reason.ts";
import type { ExecAnswer, KubeClient } from "../client/kube-client.ts";
import { lastWords } from "../client/redact.ts";
import type { Watches } from "../watch/watch.ts";
import { agentContainer, agentPodOn, notAnswering } from "./agent-exec.ts";
import { cleanerContainer, cleanerName } from "./cleaner-manifest.ts";
import { probeNamespace } from "./own-namespace-manifest.ts";
import { probeContainer, probeLabel } from "./probe-manifest.ts";

/** Where both the agent's and the probe's container have the node's CNI configuration mounted. */
export const cniFolder = "/host/etc/cni/net.d";

/** Runs plain commands on a node, through a pod that is there already. */
export interface HostExec {
  /** The probe sees the files only, read-only; the agent has the node's network as well. */
  read(node: string, argv: readonly string[]): Promise<ExecAnswer>;
  /** In the agent's container; fenced like every write. Exit codes are the caller's to judge. */
  inAgent(node: string, argv: readonly string[], access: "read" | "write"): Promise<ExecAnswer>;
  /** In the cleaner's; null where none runs on the node. */
  inCleaner(node: string, argv: readonly string[], access: "read" | "write"): Promise<ExecAnswer | null>;
}

function canRun(pod: PodFacts | null | undefined): pod is PodFacts {
  return (
    pod !== null && pod !== undefined && pod.phase === "Running" && pod.terminatingAt === null && pod.startedAt !== null
  );
}

export function hostExec(client: KubeClient, watches: Watches, ciliumNamespace: string): HostExec {
  const run = (pod: PodFacts, container: string, argv: readonly string[], writes = false) =>
    client.exec({ namespace: pod.namespace, pod: pod.name, container }, argv, { timeoutMs: 20_000, writes });

  async function ownPodOn(node: string, app: string): Promise<PodFacts | null> {
    const pods = (await watches.synced("pods")).on(node);
    return pods.find((pod) => pod.namespace === probeNamespace && pod.labels["app"] === app && canRun(pod)) ?? null;
  }

  return {
    async read(node, argv) {
      const agent = await agentPodOn(watches, ciliumNamespace, node);
      if (canRun(agent)) return run(agent, agentContainer, argv);
      const probe = await ownPodOn(node, probeLabel);
      if (probe === null)
        throw notAnswering(`neither a Cilium agent nor a probe runs on ${node} to read its files through`, node);
      return run(probe, probeContainer, argv);
    },
    async inAgent(node, argv, access) {
      const agent = await agentPodOn(watches, ciliumNamespace, node);
      if (!canRun(agent)) throw notAnswering(`no Cilium agent runs on ${node} to reach its host through`, node);
      return run(agent, agentContainer, argv, access === "write");
    },
    async inCleaner(node, argv, access) {
      const cleaner = await ownPodOn(node, cleanerName);
      return cleaner && run(cleaner, cleanerContainer, argv, access === "write");
    },
  };
}

/** What a failed command of ours on a node becomes. */
export function commandFailed(node: string, argv: readonly string[], answer: ExecAnswer): CrossfadeError {
  const { exitCode, stderr } = answer;
  const facts = { node, command: argv.join(" "), exitCode, said: lastWords(stderr) };
  return new CrossfadeError("COMMAND_FAILED", reason("host-command-failed", facts));
}
