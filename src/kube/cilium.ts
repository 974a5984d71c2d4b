import { CouldNotAsk, CrossfadeError } from "../engine/errors.ts";
import type { PodFacts } from "../engine/facts.ts";
import type { AgentPod, AgentStatus, Cilium, OverlayHealth } from "../engine/ports.ts";
import { agentStatusOf, overlayHealthOf } from "./agent-status.ts";
import { ciliumNodeConfigFacts } from "./cilium-facts.ts";
import type { Discovery } from "./discovery.ts";
import type { ExecAnswer, KubeClient } from "./kube-client.ts";
import type { KubeObject } from "./kube-object.ts";
import { listAs } from "./pages.ts";
import { at, list, text } from "./read.ts";
import type { Watches } from "./watch.ts";

export const agentContainer = "cilium-agent";
/** Files named like the keys of the effective configuration, written by the agent's init container. */
const configFolder = "/tmp/cilium/config-map";

function isAgent(pod: PodFacts, namespace: string): boolean {
  return pod.namespace === namespace && pod.labels["k8s-app"] === "cilium" && pod.owner?.kind === "DaemonSet";
}

function agentOf(pod: PodFacts): AgentPod {
  return {
    node: pod.node ?? "",
    ref: { namespace: pod.namespace, name: pod.name, uid: pod.uid },
    ready: pod.ready && pod.terminatingAt === null,
    createdAt: pod.createdAt,
    waitingReason: pod.waitingReason,
    restarts: pod.restarts,
  };
}

function parseJson(answer: ExecAnswer, what: string): unknown {
  try {
    return JSON.parse(answer.stdout);
  } catch (error) {
    throw new CouldNotAsk(`${what} answered something that is not JSON`, null, { cause: error });
  }
}

/** The agent's pod on a node, the youngest first where one is leaving; null when there is none. */
export async function agentPodOn(watches: Watches, namespace: string, node: string): Promise<PodFacts | null> {
  const pods = (await watches.synced("pods")).on(node).filter((pod) => isAgent(pod, namespace));
  return pods.toSorted((one, other) => other.createdAt - one.createdAt)[0] ?? null;
}

/** The port `cilium`: objects by the API, the agent's own words by exec. */
export function kubeCilium(client: KubeClient, watches: Watches, discovery: Discovery, namespace: string): Cilium {
  async function agentOn(node: string): Promise<PodFacts> {
    const pod = await agentPodOn(watches, namespace, node);
    if (pod === null || pod.phase !== "Running") throw new CouldNotAsk(`no Cilium agent runs on ${node} to be asked`);
    return pod;
  }

  const run = (pod: PodFacts, argv: readonly string[], timeoutMs = 20_000) =>
    client.exec({ namespace: pod.namespace, pod: pod.name, container: agentContainer }, argv, { timeoutMs });

  async function firstThatExists(pod: PodFacts, commands: readonly (readonly string[])[], timeoutMs: number): Promise<unknown> {
    for (const argv of commands) {
      const answer = await run(pod, argv, timeoutMs);
      const what = `${argv.join(" ")} on ${pod.node ?? ""}`;
      if (answer.exitCode === 126 || answer.exitCode === 127) continue;
      // A failing state has an exit code of its own, and its JSON all the same.
      if (answer.exitCode === 0 || answer.stdout.trimStart().startsWith("{")) return parseJson(answer, what);
      throw new CouldNotAsk(`${what} failed: ${answer.stderr.trim().split("\n").at(-1) ?? ""}`);
    }
    throw new CrossfadeError("COMMAND_FAILED", `The agent's image on ${pod.node ?? ""} has no ${commands[0]?.[0] ?? ""}.`, "use an image of the Cilium project");
  }

  async function fileIn(pod: PodFacts, name: string): Promise<string | null> {
    const answer = await run(pod, ["cat", `${configFolder}/${name}`]);
    return answer.exitCode === 0 ? answer.stdout.trim() : null;
  }

  async function agentStatus(node: string): Promise<AgentStatus> {
    const pod = await agentOn(node);
    const commands = [["cilium-dbg", "status", "-o", "json"], ["cilium", "status", "-o", "json"]];
    const [status, sources, confPath] = await Promise.all([
      firstThatExists(pod, commands, 20_000),
      fileIn(pod, "config-sources"),
      fileIn(pod, "write-cni-conf-when-ready"),
    ]);
    return agentStatusOf(status, { podUid: pod.uid, configSources: sources ?? "", writesCniConf: confPath !== null && confPath !== "" });
  }

  async function overlayHealth(node: string): Promise<OverlayHealth> {
    const pod = await agentOn(node);
    return overlayHealthOf(await firstThatExists(pod, [["cilium-health", "status", "--probe", "-o", "json"]], 60_000));
  }

  /** The version alone: v2. */
  async function servedVersion(): Promise<string | null> {
    for (const version of (await discovery.groups())["cilium.io"] ?? []) {
      const served = await discovery.resources(`cilium.io/${version}`);
      if (served?.some(({ name }) => name === "ciliumnodeconfigs") === true) return version;
    }
    return null;
  }

  return {
    async agents() {
      return [...(await watches.synced("pods")).all()].filter((pod) => isAgent(pod, namespace) && pod.node !== null).map(agentOf);
    },
    async nodes() {
      return [...(await watches.synced("ciliumNodes")).all()];
    },
    async endpoints() {
      return [...(await watches.synced("ciliumEndpoints")).all()];
    },
    async nodeConfigs() {
      const version = await servedVersion();
      return version === null ? [] : listAs(client, `/apis/cilium.io/${version}/ciliumnodeconfigs`, (config) => ({ ...ciliumNodeConfigFacts(config), apiVersion: `cilium.io/${version}` }));
    },
    servedNodeConfigVersion: servedVersion,
    async crdsNotEstablished(names) {
      const states = await Promise.all(names.map((name) => isEstablished(client, name)));
      const missing = names.filter((_, index) => states[index] !== true);
      if (missing.length === 0) watches.poke();
      return missing;
    },
    async applyNodeConfig(config) {
      const object = {
        apiVersion: config.apiVersion,
        kind: "CiliumNodeConfig",
        metadata: { namespace: config.namespace, name: config.name },
        spec: { nodeSelector: { matchLabels: config.matchLabels }, defaults: config.defaults },
      };
      const path = `/apis/${config.apiVersion}/namespaces/${config.namespace}/ciliumnodeconfigs/${config.name}`;
      await client.patch(path, object, { kind: "apply", force: true });
    },
    async deleteNodeConfig(inNamespace, name) {
      const version = await servedVersion();
      if (version !== null) await client.delete(`/apis/cilium.io/${version}/namespaces/${inNamespace}/ciliumnodeconfigs/${name}`);
    },
    agentStatus,
    overlayHealth,
  };
}

async function isEstablished(client: KubeClient, name: string): Promise<boolean> {
  const crd = await client.find<KubeObject>(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
  return list(at(crd, "status", "conditions")).some((entry) => at(entry, "type") === "Established" && text(at(entry, "status")) === "True");
}
