import type { Lab } from "crossfade-lab/lab.ts";
import type { KubeObject } from "crossfade-lab/objects.ts";

interface PodObject extends KubeObject {
  spec: { nodeName?: string; hostNetwork?: boolean };
  status?: { phase?: string; podIP?: string };
}

interface NodeObject extends KubeObject {
  spec?: { unschedulable?: boolean; taints?: readonly { key: string }[] };
}

const confFolder = "/etc/cni/net.d/";
const migrationLabel = "io.cilium.migration/cilium-default";

/** What a test asks of the cluster itself, whatever the engine says of it. */
export class ClusterView {
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  get nodeNames(): readonly string[] {
    return this.#lab.store.list("nodes").map(({ metadata }) => metadata.name);
  }

  node(name: string): NodeObject | undefined {
    return this.#lab.store.get<NodeObject>("nodes", null, name);
  }

  /** CNI configuration files of a node that a runtime would read, in its order. */
  activeFiles(node: string): readonly string[] {
    return this.files(node).filter((name) => /\.(conf|conflist|json)$/.test(name));
  }

  files(node: string): readonly string[] {
    const { disk } = this.#lab.machines.get(node) ?? { disk: new Map<string, string>() };
    return [...disk.keys()]
      .filter((path) => path.startsWith(confFolder))
      .map((path) => path.slice(confFolder.length))
      .toSorted();
  }

  /** Node → the file that gives new pods their addresses. */
  confInCharge(): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(this.nodeNames.map((name) => [name, this.activeFiles(name)[0]]));
  }

  pods(): readonly PodObject[] {
    return this.#lab.store.list<PodObject>("pods");
  }

  /** Pods, by name, whose address begins so. */
  podsAt(prefix: string, node?: string): readonly string[] {
    return this.pods()
      .filter(
        ({ spec, status }) => !spec.hostNetwork && status?.phase === "Running" && status.podIP?.startsWith(prefix),
      )
      .filter(({ spec }) => node === undefined || spec.nodeName === node)
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  }

  /** Pairs of nodes whose pods of one DaemonSet do not reach each other, in words. */
  get broken(): readonly string[] {
    const pods = this.pods().filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === "node-exporter");
    const missing = pods.length < this.nodeNames.length ? ["a node lacks its pod"] : [];
    const failed = pods.flatMap((from) =>
      pods.flatMap((to) => {
        const ip = to.status?.podIP;
        if (ip === undefined) return [`${to.spec.nodeName} has no address`];
        const answer = this.#lab.network.fromPod(from, { ip, port: 9100, protocol: "tcp" });
        return answer.ok ? [] : [`${from.spec.nodeName} → ${to.spec.nodeName}: ${answer.reason}`];
      }),
    );
    return [...missing, ...failed];
  }

  isReady(node: string): boolean {
    const status = this.#lab.store.get("nodes", "", node)?.status as
      | { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
      | undefined;
    return status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") === true;
  }

  get cordoned(): readonly string[] {
    return this.#lab.store
      .list<NodeObject>("nodes")
      .filter(({ spec }) => spec?.unschedulable)
      .map(({ metadata }) => metadata.name);
  }

  get labelled(): readonly string[] {
    return this.#lab.store
      .list("nodes")
      .filter(({ metadata }) => migrationLabel in (metadata.labels ?? {}))
      .map(({ metadata }) => metadata.name);
  }

  get tainted(): readonly string[] {
    return this.#lab.store
      .list<NodeObject>("nodes")
      .filter(({ spec }) => spec?.taints?.some(({ key }) => key.startsWith("node.cilium.io/")))
      .map(({ metadata }) => metadata.name);
  }

  get nodeConfigs(): readonly string[] {
    return this.#maybe("cilium.io/ciliumnodeconfigs");
  }

  get releases(): readonly string[] {
    return this.#lab.store
      .list("secrets")
      .filter(({ metadata }) => metadata.labels?.owner === "helm")
      .map(({ metadata }) => metadata.name);
  }

  /** Kinds and names of what is left of Flannel. */
  get flannel(): readonly string[] {
    const kinds = ["apps/daemonsets", "configmaps", "serviceaccounts", "namespaces"];
    const roles = ["rbac.authorization.k8s.io/clusterroles", "rbac.authorization.k8s.io/clusterrolebindings"];
    return [...kinds, ...roles].flatMap((kind) =>
      this.#lab.store
        .list(kind)
        .filter(({ metadata }) => /flannel/.test(metadata.name) || metadata.namespace === "kube-flannel")
        .map(({ metadata }) => `${kind} ${metadata.name}`),
    );
  }

  /** Pods and DaemonSets of ours that should not outlive a run. */
  get ours(): readonly string[] {
    return ["pods", "apps/daemonsets"].flatMap((kind) =>
      this.#lab.store.list(kind, "crossfade").map(({ metadata }) => `${kind} ${metadata.name}`),
    );
  }

  bootId(node: string): string {
    return this.#lab.machines.get(node)?.bootId ?? "";
  }

  #maybe(kind: string): readonly string[] {
    try {
      return this.#lab.store.list(kind).map(({ metadata }) => metadata.name);
    } catch {
      return [];
    }
  }
}
