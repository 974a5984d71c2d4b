import { CommandError } from "../../../src/commands/command-error.ts";
import type { ClusterFacts, WorkloadFacts } from "../../../src/engine/model/facts.ts";
import type { SourceFacts } from "../../../src/engine/model/plan-types.ts";
import { ok } from "../../../src/engine/preflight/check.ts";
import type { Source } from "../../../src/engine/sources/source.ts";
import { bridgeSteps } from "./bridge-steps.ts";

const where = "kube-system/bridge-cni";
const rbac = "rbac.authorization.k8s.io/v1";

function read([first]: readonly [WorkloadFacts, ...WorkloadFacts[]], facts: ClusterFacts): SourceFacts {
  const range = facts.configMaps[where]?.["range"];
  if (range === undefined)
    throw new CommandError("NO_SOURCE", `ConfigMap ${where} names no range`, "give it the range of all pods");
  return {
    id: bridge.id,
    name: bridge.name,
    version: /:v([^:/@]+)$/.exec(first.images[0] ?? "")?.[1] ?? "",
    namespace: first.namespace,
    workloads: [{ kind: "DaemonSet", namespace: first.namespace, name: first.name }],
    confFile: first.confFiles[0] ?? "10-bridge.conflist",
    network: "pods",
    // The plugin is the node image's own.
    plugins: [],
    stateFolders: [],
    nftImage: null,
    mode: "static routes",
    encapsulations: [],
    podCidrs: [range],
    mtu: 0,
    enforcesPolicies: false,
    own: null,
    ownsNamespace: false,
    namespaceKeepers: [],
  };
}

/** A source that nobody ships: the plugin `bridge` with static routes. What it takes to add one is in this file. */
export const bridge: Source = {
  id: "bridge",
  name: "Bridge",
  matches: ({ name }) => name === "bridge-cni",
  read,
  traces: () => [],
  support: ({ name, version, mode }) => ok("source-mode-supported", { source: name, version, mode }),
  checks: [],
  steps: () => bridgeSteps,
  objects: ({ namespace, workloads }) => [
    ...workloads.map((workload) => ({ apiVersion: "apps/v1", ...workload })),
    { apiVersion: "v1", kind: "ConfigMap", namespace, name: "bridge-cni" },
    { apiVersion: "v1", kind: "ServiceAccount", namespace, name: "bridge-cni" },
    { apiVersion: rbac, kind: "ClusterRoleBinding", namespace: null, name: "bridge-cni" },
    { apiVersion: rbac, kind: "ClusterRole", namespace: null, name: "bridge-cni" },
  ],
  leftovers: ({ confFile, network }) => ({
    links: ["br-pods"],
    routes: true,
    blackholeRoutes: false,
    chainPrefixes: ["BRIDGE-"],
    ruleComments: [],
    ipsetPrefixes: [],
    nftTables: [],
    confFiles: [confFile, `${confFile}.cilium_bak`],
    folders: [],
    reservations: `/var/lib/cni/networks/${network}`,
    plugins: [],
    files: [],
    annotations: [],
    mounts: ["/var/lib/cni"],
  }),
  rights: () => [{ group: "", resource: "configmaps", verbs: ["patch"], names: ["bridge-cni"] }],
  usual: {
    namespace: "kube-system",
    workloads: [{ kind: "DaemonSet", namespace: "kube-system", name: "bridge-cni" }],
    own: null,
  },
  configMaps: [where],
  kinds: [],
  environment: [],
  ownNamespaces: [],
  addressAnnotations: [],
};
