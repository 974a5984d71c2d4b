import { CrossfadeError, Unavailable } from "../../engine/model/errors.ts";
import type { PodFacts } from "../../engine/model/facts.ts";
import type { PolicyMode, PolicySettings } from "../../engine/model/policies/policy-settings.ts";
import type { PolicyVerdict } from "../../engine/model/policies/policy-verdict.ts";
import type { AgentStatus } from "../../engine/model/ports/cilium.ts";
import { reason } from "../../engine/model/reason.ts";
import type { ExecAnswer, KubeClient } from "../client/kube-client.ts";
import { lastWords } from "../client/redact.ts";
import type { Watches } from "../watch/watch.ts";
import { agentStatusOf } from "./agent-status.ts";
import { endpointsCommand, endpointsIn, settingsCommand, settingsIn, startedAs } from "./policy-settings.ts";
import { dropCommand, hasListened, packetsRefused, verdictCommand, verdictsIn } from "./policy-verdicts.ts";

export const agentContainer = "cilium-agent";
/** Files named like the keys of the effective configuration, written by the agent's init container. */
const configFolder = "/tmp/cilium/config-map";

const statusCommands = [
  ["cilium-dbg", "status", "-o", "json"],
  ["cilium", "status", "-o", "json"],
];

export function isAgent(pod: PodFacts, namespace: string): boolean {
  return pod.namespace === namespace && pod.labels["k8s-app"] === "cilium" && pod.owner?.kind === "DaemonSet";
}

/** The agent's pod on a node, the youngest first where one is leaving; null when there is none. */
export async function agentPodOn(watches: Watches, namespace: string, node: string): Promise<PodFacts | null> {
  const pods = (await watches.synced("pods")).on(node).filter((pod) => isAgent(pod, namespace));
  return pods.toSorted((one, other) => other.createdAt - one.createdAt)[0] ?? null;
}

/** The API server is well: it is the agent that does not say it. */
export const notAnswering = (message: string, node: string, options?: ErrorOptions): Unavailable =>
  new Unavailable(message, null, { ...options, clearedBy: `the Cilium agent on ${node} answering` });

function parseJson(answer: ExecAnswer, what: string, node: string): unknown {
  try {
    return JSON.parse(answer.stdout);
  } catch (error) {
    throw notAnswering(`${what} answered something that is not JSON`, node, { cause: error });
  }
}

/** A failing state has an exit code of its own, and its JSON all the same. */
function hasAnswered(answer: ExecAnswer): boolean {
  return answer.exitCode === 0 || answer.stdout.trimStart().startsWith("{");
}

/** What only the agent itself can say, asked by exec. */
export class AgentExec {
  readonly #client: KubeClient;
  readonly #watches: Watches;
  readonly #namespace: string;

  constructor(client: KubeClient, watches: Watches, namespace: string) {
    this.#client = client;
    this.#watches = watches;
    this.#namespace = namespace;
  }

  async status(node: string): Promise<AgentStatus> {
    const pod = await this.#agentOn(node);
    const [status, sources, confPath] = await Promise.all([
      this.#json(pod, statusCommands, 20_000),
      this.#file(pod, "config-sources"),
      this.#file(pod, "write-cni-conf-when-ready"),
    ]);
    return agentStatusOf(status, { podUid: pod.uid, configSources: sources, writesCniConf: confPath !== "" });
  }

  async policyDrops(node: string): Promise<number> {
    const pod = await this.#agentOn(node);
    const answer = await this.#run(pod, dropCommand, 20_000);
    // A map without entries is told on stderr, and exits 0.
    if (answer.exitCode === 0 && answer.stdout.trim() === "") return 0;
    if (answer.exitCode === 0) return packetsRefused(parseJson(answer, dropCommand.join(" "), node));
    throw notAnswering(`${dropCommand.join(" ")} on ${node} failed: ${lastWords(answer.stderr)}`, node);
  }

  async policyVerdicts(node: string, forMs: number, signal: AbortSignal): Promise<readonly PolicyVerdict[]> {
    const pod = await this.#agentOn(node);
    const command = verdictCommand(Math.ceil(forMs / 1_000));
    const answer = await this.#run(pod, command, forMs + 20_000, signal);
    if (answer.exitCode === 0 && hasListened(answer.stderr)) return verdictsIn(node, answer.stdout);
    throw notAnswering(`cilium-dbg monitor on ${node} failed: ${lastWords(answer.stderr)}`, node);
  }

  async policySettings(node: string): Promise<PolicySettings> {
    const pod = await this.#agentOn(node);
    const [settings, endpoints, enforcement, audits] = await Promise.all([
      this.#run(pod, settingsCommand, 20_000),
      this.#run(pod, endpointsCommand, 60_000),
      this.#file(pod, "enable-policy"),
      this.#file(pod, "policy-audit-mode"),
    ]);
    const read = settings.exitCode === 0 ? settingsIn(settings.stdout) : null;
    if (read === null)
      throw notAnswering(`${settingsCommand.join(" ")} on ${node} failed: ${lastWords(settings.stderr)}`, node);
    if (endpoints.exitCode !== 0)
      throw notAnswering(`${endpointsCommand.join(" ")} on ${node} failed: ${lastWords(endpoints.stderr)}`, node);
    return {
      ...read,
      node,
      pod: { namespace: pod.namespace, name: pod.name, uid: pod.uid },
      started: startedAs(enforcement, audits),
      endpoints: endpointsIn(parseJson(endpoints, endpointsCommand.join(" "), node)),
    };
  }

  async setPolicies(node: string, podUid: string, { enforcement, audits }: Partial<PolicyMode>): Promise<void> {
    const pod = await this.#agentOn(node);
    // Another pod has started from its configuration: what was meant for the one before it is none of its business.
    if (pod.uid !== podUid) throw notAnswering(`the Cilium agent on ${node} was replaced`, node);
    const argv = [
      ...settingsCommand,
      ...(audits === undefined ? [] : [`PolicyAuditMode=${audits ? "Enabled" : "Disabled"}`]),
      ...(enforcement === undefined ? [] : [`PolicyEnforcement=${enforcement}`]),
    ];
    const answer = await this.#client.exec(
      { namespace: pod.namespace, pod: pod.name, container: agentContainer },
      argv,
      { timeoutMs: 60_000, writes: true },
    );
    if (answer.exitCode !== 0)
      throw notAnswering(`${argv.join(" ")} on ${node} failed: ${lastWords(answer.stderr || answer.stdout)}`, node);
  }

  async #agentOn(node: string): Promise<PodFacts> {
    const pod = await agentPodOn(this.#watches, this.#namespace, node);
    if (pod === null || pod.phase !== "Running")
      throw notAnswering(`no Cilium agent runs on ${node} to be asked`, node);
    return pod;
  }

  #run(pod: PodFacts, argv: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<ExecAnswer> {
    return this.#client.exec({ namespace: pod.namespace, pod: pod.name, container: agentContainer }, argv, {
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** The answer of the first command that the image has. */
  async #json(pod: PodFacts, commands: readonly (readonly string[])[], timeoutMs: number): Promise<unknown> {
    const node = pod.node ?? "";
    for (const argv of commands) {
      const answer = await this.#run(pod, argv, timeoutMs);
      if (answer.exitCode === 126 || answer.exitCode === 127) continue;
      const what = `${argv.join(" ")} on ${node}`;
      if (hasAnswered(answer)) return parseJson(answer, what, node);
      throw notAnswering(`${what} failed: ${lastWords(answer.stderr)}`, node);
    }
    const wanted = commands[0]?.[0] ?? "";
    throw new CrossfadeError("COMMAND_FAILED", reason("agent-command-missing", { node, command: wanted }));
  }

  /** "" where there is none. */
  async #file(pod: PodFacts, name: string): Promise<string> {
    const answer = await this.#run(pod, ["cat", `${configFolder}/${name}`], 20_000);
    return answer.exitCode === 0 ? answer.stdout.trim() : "";
  }
}
