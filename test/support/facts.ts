import type {
  BudgetFacts,
  ClusterFacts,
  HelmReleaseFacts,
  NodeFacts,
  OwnerFacts,
  Placement,
  PodFacts,
  WorkloadFacts,
} from "../../src/engine/model/facts.ts";

const noon = Date.UTC(2026, 0, 1, 12);

export function aNode(name: string, over: Partial<NodeFacts> = {}): NodeFacts {
  const number = Number(/\d+$/.exec(name)?.[0] ?? 0);
  return {
    name,
    uid: `uid-${name}`,
    controlPlane: false,
    internalIps: [`192.168.50.${10 + number}`],
    podCidrs: [`10.244.${number}.0/24`],
    ready: true,
    notReadyReason: "",
    notReadyMessage: "",
    readySince: noon,
    cordoned: false,
    taints: [],
    labels: { "kubernetes.io/hostname": name },
    annotations: {},
    bootId: `boot-${name}`,
    kernelVersion: "6.8.0-45-generic",
    osImage: "Debian GNU/Linux 12 (bookworm)",
    operatingSystem: "linux",
    architecture: "amd64",
    kubeletVersion: "v1.33.4",
    containerRuntime: "containerd://2.1.0",
    providerId: "",
    allocatablePods: 110,
    allocatableCpuMillis: 4_000,
    allocatableMemoryBytes: 8 * 2 ** 30,
    networkUnavailable: false,
    networkReason: "FlannelIsUp",
    createdAt: noon,
    ...over,
  };
}

export function ownedBy(kind: string, name: string): OwnerFacts {
  return { kind, apiVersion: "apps/v1", name, uid: `uid-${name}` };
}

let pods = 0;

export function aPod(namespace: string, name: string, over: Partial<PodFacts> = {}): PodFacts {
  pods += 1;
  return {
    namespace,
    name,
    uid: `uid-${name}-${pods}`,
    node: "worker-1",
    phase: "Running",
    ips: [],
    hostNetwork: false,
    ready: true,
    createdAt: noon,
    terminatingAt: null,
    deletionGraceSeconds: null,
    terminationGraceSeconds: 30,
    owner: ownedBy("ReplicaSet", "web-7d4"),
    mirror: false,
    emptyDirs: [],
    hostPorts: [],
    labels: { app: "web" },
    cpuMillis: 100,
    memoryBytes: 64 * 2 ** 20,
    waitingReason: "",
    notStarted: "",
    restarts: 0,
    lastFailure: "",
    failedAt: null,
    startedAt: noon,
    finalizers: [],
    nodeSelector: {},
    hostPaths: [],
    claims: [],
    ...over,
  };
}

/** Runs on every node, whatever its taints. */
export const anywhere: Placement = {
  nodeSelector: {},
  nodes: null,
  tolerations: [{ key: "", operator: "Exists", value: "", effect: "" }],
};

export function aWorkload(
  kind: WorkloadFacts["kind"],
  namespace: string,
  name: string,
  over: Partial<WorkloadFacts> = {},
): WorkloadFacts {
  const desired = over.desired ?? 3;
  return {
    kind,
    namespace,
    name,
    uid: `uid-${name}`,
    labels: {},
    annotations: {},
    owners: [],
    images: [],
    confFiles: [],
    hostFiles: [],
    env: {},
    configMaps: [],
    placement: anywhere,
    desired,
    updated: desired,
    ready: desired,
    observed: true,
    ...over,
  };
}

export function aBudget(name: string, over: Partial<BudgetFacts> = {}): BudgetFacts {
  return {
    namespace: "default",
    name,
    selector: { matchLabels: { app: "web" } },
    disruptionsAllowed: 1,
    currentHealthy: 3,
    desiredHealthy: 2,
    expectedPods: 3,
    ...over,
  };
}

export function aRelease(over: Partial<HelmReleaseFacts> = {}): HelmReleaseFacts {
  return {
    name: "cilium",
    namespace: "kube-system",
    chart: "cilium-1.18.12",
    version: "1.18.12",
    status: "deployed",
    revision: 1,
    ...over,
  };
}

/** cilium-config of a Cilium that was installed beside the source, by the values of the migration guide. */
export const secondaryConfig: Readonly<Record<string, string>> = {
  ipam: "cluster-pool",
  "cluster-pool-ipv4-cidr": "10.245.0.0/16",
  "cluster-pool-ipv4-mask-size": "24",
  "custom-cni-conf": "true",
  "enable-policy": "never",
  "kube-proxy-replacement": "false",
  "routing-mode": "tunnel",
  "tunnel-protocol": "vxlan",
  "tunnel-port": "8473",
};

const empty: ClusterFacts = {
  at: noon,
  context: "test",
  server: "https://192.168.50.2:6443",
  clusterUid: "cluster-uid",
  kubernetesVersion: "v1.33.4",
  apiGroups: {},
  apiResources: {},
  nodes: [],
  pods: [],
  budgets: [],
  workloads: [],
  services: [],
  localVolumes: [],
  serviceCidrs: ["10.96.0.0/16"],
  configMaps: {},
  namespaceContents: { "kube-flannel": { objects: [], unknown: [] } },
  sourceObjects: {},
  policies: {},
  uncounted: [],
  tls: "verified",
  ownNamespace: "missing",
  backends: [],
  ciliumNodes: [],
  ciliumNodeConfigs: [],
  helmReleases: [],
  permissions: [{ verb: "patch", resource: "nodes", group: "", namespace: null, allowed: true }],
  dryRuns: [],
  helmVersion: "v4.1.4",
  ownAddresses: ["203.0.113.7"],
  ownHostname: "laptop",
};

/** A cluster of facts, built up by saying what it has. Every call gives a new one. */
export class ClusterBuilder {
  readonly facts: ClusterFacts;

  constructor(facts: ClusterFacts) {
    this.facts = facts;
  }

  with(over: Partial<ClusterFacts>): ClusterBuilder {
    return new ClusterBuilder({ ...this.facts, ...over });
  }

  /** One control plane and the rest workers. */
  withNodes(count: number, over: Partial<NodeFacts> = {}): ClusterBuilder {
    const nodes = Array.from({ length: count }, (_, index) =>
      index === 0 ? aNode("control-plane-0", { controlPlane: true, ...over }) : aNode(`worker-${index}`, { ...over }),
    );
    return this.with({ nodes });
  }

  changeNode(name: string, over: Partial<NodeFacts>): ClusterBuilder {
    return this.with({ nodes: this.facts.nodes.map((node) => (node.name === name ? { ...node, ...over } : node)) });
  }

  changeNodes(over: Partial<NodeFacts>): ClusterBuilder {
    return this.with({ nodes: this.facts.nodes.map((node) => ({ ...node, ...over })) });
  }

  withPods(...more: readonly PodFacts[]): ClusterBuilder {
    return this.with({ pods: [...this.facts.pods, ...more] });
  }

  withWorkloads(...more: readonly WorkloadFacts[]): ClusterBuilder {
    return this.with({ workloads: [...this.facts.workloads, ...more] });
  }

  withoutWorkload(name: string): ClusterBuilder {
    return this.with({ workloads: this.facts.workloads.filter((workload) => workload.name !== name) });
  }

  withBudgets(...more: readonly BudgetFacts[]): ClusterBuilder {
    return this.with({ budgets: [...this.facts.budgets, ...more] });
  }

  withConfigMap(name: string, data: Readonly<Record<string, string>>): ClusterBuilder {
    return this.with({ configMaps: { ...this.facts.configMaps, [name]: data } });
  }

  withKubeProxy(): ClusterBuilder {
    const desired = this.facts.nodes.length;
    return this.withWorkloads(aWorkload("DaemonSet", "kube-system", "kube-proxy", { desired })).withConfigMap(
      "kube-system/kube-proxy",
      { "config.conf": 'kind: KubeProxyConfiguration\nmode: ""\n' },
    );
  }

  /** As Flannel's own manifest has it. */
  withFlannel(netConf: unknown = { Network: "10.244.0.0/16", EnableNFTables: false, Backend: { Type: "vxlan" } }) {
    const desired = this.facts.nodes.length;
    const labels = { app: "flannel", tier: "node", "k8s-app": "flannel" };
    const images = ["ghcr.io/flannel-io/flannel:v0.28.9", "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3"];
    const own = this.facts.nodes.map((node, index) =>
      aPod("kube-flannel", `kube-flannel-ds-${index}`, {
        node: node.name,
        hostNetwork: true,
        owner: ownedBy("DaemonSet", "kube-flannel-ds"),
        labels: { app: "flannel", tier: "node", "controller-revision-hash": `hash-${index % 2}` },
      }),
    );
    return this.withPods(...own)
      .withWorkloads(
        aWorkload("DaemonSet", "kube-flannel", "kube-flannel-ds", {
          labels,
          images,
          desired,
          hostFiles: ["/opt/cni/bin/flannel", "/etc/cni/net.d/10-flannel.conflist"],
        }),
      )
      .withConfigMap("kube-flannel/kube-flannel-cfg", {
        "cni-conf.json": "{}",
        "net-conf.json": typeof netConf === "string" ? netConf : JSON.stringify(netConf),
      });
  }

  /** A Cilium that somebody installed beside Flannel. */
  withCilium(config: Readonly<Record<string, string>> = secondaryConfig): ClusterBuilder {
    const agent = aWorkload("DaemonSet", "kube-system", "cilium", { labels: { "k8s-app": "cilium" } });
    return this.withWorkloads(agent)
      .withConfigMap("kube-system/cilium-config", config)
      .with({ helmReleases: [aRelease()], apiGroups: { "cilium.io": ["v2"] } });
  }
}

/** An empty cluster, to be given what a test is about. */
export function aCluster(): ClusterBuilder {
  return new ClusterBuilder(empty);
}

/** A healthy cluster of three nodes on Flannel, against which nothing stands. */
export function aFlannelCluster(nodes = 3): ClusterBuilder {
  return aCluster().withNodes(nodes).withFlannel().withKubeProxy();
}
