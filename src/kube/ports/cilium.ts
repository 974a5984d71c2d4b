import type { PodFacts } from "../../engine/model/facts.ts";
import type { AgentPod, Cilium } from "../../engine/model/ports/cilium.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { AgentExec, isAgent } from "../nodes/agent-exec.ts";
import type { Discovery } from "../objects/discovery.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { at, list } from "../objects/read.ts";
import type { Watches } from "../watch/watch.ts";
import { NodeConfigs } from "./node-configs.ts";

function agentOf(pod: PodFacts): AgentPod {
  return {
    node: pod.node ?? "",
    ref: { namespace: pod.namespace, name: pod.name, uid: pod.uid },
    ready: pod.ready && pod.terminatingAt === null,
    createdAt: pod.createdAt,
    waitingReason: pod.waitingReason,
    notStarted: pod.notStarted,
    restarts: pod.restarts,
    lastFailure: pod.lastFailure,
    failedAt: pod.failedAt,
  };
}

async function isEstablished(client: KubeClient, name: string): Promise<boolean> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
  const crd = await client.find<KubeObject>(path);
  const conditions = list(at(crd, "status", "conditions"));
  return conditions.some((entry) => at(entry, "type") === "Established" && at(entry, "status") === "True");
}

/** The port `cilium`: objects by the API, the agent's own words by exec. */
export function kubeCilium(client: KubeClient, watches: Watches, discovery: Discovery, namespace: string): Cilium {
  const configs = new NodeConfigs(client, discovery);
  const agent = new AgentExec(client, watches, namespace);
  return {
    async agents() {
      const pods = [...(await watches.synced("pods")).all()];
      return pods.filter((pod) => isAgent(pod, namespace) && pod.node !== null).map(agentOf);
    },
    async nodes() {
      return [...(await watches.synced("ciliumNodes")).all()];
    },
    async endpoints() {
      return [...(await watches.synced("ciliumEndpoints")).all()];
    },
    nodeConfigs: () => configs.list(),
    servedNodeConfigVersion: () => configs.version(),
    async crdsNotEstablished(names) {
      const states = await Promise.all(names.map((name) => isEstablished(client, name)));
      const missing = names.filter((_, index) => states[index] !== true);
      if (missing.length === 0) watches.poke();
      return missing;
    },
    async servedKinds() {
      const versions = (await discovery.groups())["cilium.io"] ?? [];
      const kinds = await Promise.all(versions.map((version) => discovery.resources(`cilium.io/${version}`)));
      return [...new Set(kinds.flatMap((served) => (served ?? []).map(({ name }) => name)))].toSorted();
    },
    applyNodeConfig: (config) => configs.apply(config),
    deleteNodeConfig: (inNamespace, name) => configs.delete(inNamespace, name),
    agentStatus: (node) => agent.status(node),
    policySettings: (node) => agent.policySettings(node),
    setPolicies: (node, podUid, mode) => agent.setPolicies(node, podUid, mode),
    policyDrops: (node) => agent.policyDrops(node),
    policyVerdicts: (node, forMs, signal) => agent.policyVerdicts(node, forMs, signal),
  };
}
