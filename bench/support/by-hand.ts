import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LabAddress } from "crossfade-lab/lab-options.ts";
import { ciliumConfFile, migrationLabel, nodeConfigName, takeOver } from "../../src/engine/model/cilium-names.ts";
import type { CiliumTarget } from "../../src/engine/model/plan-types.ts";
import { defaultPlanInput } from "../../src/engine/plan/plan-input.ts";
import { essentialValues, softValues } from "../../src/engine/values/values.ts";
import { budgets, drainByWatch, pathOf, pods } from "./drain-by-watch.ts";
import { type Raw, RawApi, type RawList } from "./raw-api.ts";

/** What a run took, phase by phase, in milliseconds of the wall. */
export type Phases = Map<string, number>;

/** File → content. */
type Disk = Readonly<Record<string, string>>;

const nodes = "/api/v1/nodes";
const daemonSets = "/apis/apps/v1/daemonsets";
const deployments = "/apis/apps/v1/deployments";
const ciliumNodes = "/apis/cilium.io/v2/ciliumnodes";
const system = "/apis/apps/v1/namespaces/kube-system";
const configs = "/apis/cilium.io/v2/namespaces/kube-system/ciliumnodeconfigs";
const datapathFile = "/run/cilium/state/datapath.json";
const regenerating = "/run/cilium/state/regenerating-until";

const target: CiliumTarget = {
  version: defaultPlanInput.ciliumVersion,
  namespace: "kube-system",
  release: "cilium",
  chart: defaultPlanInput.chart,
  podCidr: "10.245.0.0/16",
  maskSize: 24,
  tunnelProtocol: "vxlan",
  tunnelPort: 8473,
  operatorReplicas: 2,
};

const isReady = (object: Raw): boolean =>
  (object.status.conditions ?? []).some((one) => one.type === "Ready" && one.status === "True") &&
  object.metadata.deletionTimestamp === undefined;
const isAgent = (pod: Raw): boolean => pod.metadata.labels?.["k8s-app"] === "cilium";

/** The same procedure with nothing between: each act is sent the moment that the event it needs is heard. */
export class ByHand {
  readonly #api: RawApi;
  readonly #address: LabAddress;
  readonly #phases: Phases = new Map();
  readonly #folder = mkdtempSync(join(tmpdir(), "crossfade-bench-"));

  constructor(address: LabAddress) {
    this.#address = address;
    this.#api = new RawApi(address);
  }

  /** Moves the whole cluster; answers what each phase took. */
  async migrate(): Promise<Phases> {
    const api = this.#api;
    await Promise.all([pods, nodes, budgets, daemonSets, deployments].map((path) => api.watch(path)));
    const names = api.objects(nodes).map((node) => node.metadata.name);
    const order = [
      ...names.filter((name) => !name.startsWith("control")),
      ...names.filter((name) => name.startsWith("control")),
    ];
    try {
      await this.#phase("install", () => this.#helm("initial"));
      await this.#phase("verify-install", () => this.#overlayWhole(names));
      await this.#phase("node-config", () => this.#nodeConfig());
      for (const node of order) await this.#phase(`node ${node}`, () => this.#moveNode(node));
      await this.#phase("upgrade", () => this.#helm("final"));
      await this.#phase("restart-agents", () => this.#restart("daemonsets", "cilium", daemonSets));
      await this.#phase("restart-operator", () => this.#restart("deployments", "cilium-operator", deployments));
      await this.#phase("remove-node-config", () => this.#removeNodeConfig(names));
      await this.#phase("remove-source", () => this.#removeFlannel());
    } finally {
      api.stop();
      rmSync(this.#folder, { recursive: true, force: true });
    }
    return this.#phases;
  }

  async #phase(name: string, act: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await act();
    this.#phases.set(name, performance.now() - began);
  }

  /** One helm process, without --wait: what is waited for is said by the objects. */
  async #helm(phase: "initial" | "final"): Promise<void> {
    const values = join(this.#folder, `${phase}.json`);
    const { operator: essential, ...rest } = essentialValues(target, phase);
    const { operator: soft, ...others } = softValues(target);
    writeFileSync(
      values,
      JSON.stringify({ ...rest, ...others, operator: { ...(essential as object), ...(soft as object) } }),
    );
    const args = ["upgrade", "cilium", "cilium", "--repo", "https://helm.cilium.io/", "--version", target.version];
    const child = spawn(
      join(this.#address.binDir, "helm"),
      [
        ...args,
        "--install",
        "-n",
        "kube-system",
        "--reset-values",
        "-f",
        values,
        "--kubeconfig",
        this.#address.kubeconfig,
      ],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    const [code] = (await once(child, "close")) as [number];
    if (code !== 0) throw new Error(`helm ended with ${code}`);
  }

  #agent(node: string, not = ""): Raw | undefined {
    return this.#api
      .objects(pods)
      .find(
        (pod) =>
          isAgent(pod) && pod.spec.nodeName === node && pod.metadata.uid !== not && !pod.metadata.deletionTimestamp,
      );
  }

  async #machines(): Promise<Map<string, Disk>> {
    type Answer = { readonly machines: readonly { readonly name: string; readonly disk: Disk }[] };
    const { machines } = await this.#api.must<Answer>("POST", "/lab/state", {});
    return new Map(machines.map(({ name, disk }) => [name, disk]));
  }

  async #datapathUp(names: readonly string[]): Promise<void> {
    await this.#api.poll("the datapath", async () => {
      const disks = await this.#machines();
      return names.every((name) => {
        const disk = disks.get(name);
        return disk !== undefined && datapathFile in disk && !(regenerating in disk);
      });
    });
  }

  async #overlayWhole(names: readonly string[]): Promise<void> {
    const api = this.#api;
    await api.until("the agents", () =>
      names.every((name) => {
        const agent = this.#agent(name);
        return agent !== undefined && isReady(agent);
      }),
    );
    const { items } = await api.must<RawList>("GET", ciliumNodes);
    if (items.length < names.length) throw new Error("agents are Ready without their CiliumNodes");
    await this.#datapathUp(names);
  }

  async #nodeConfig(): Promise<void> {
    await this.#api.must("POST", configs, {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNodeConfig",
      metadata: { name: nodeConfigName, namespace: "kube-system" },
      spec: { nodeSelector: { matchLabels: { [migrationLabel]: "true" } }, defaults: takeOver },
    });
  }

  async #moveNode(node: string): Promise<void> {
    const api = this.#api;
    const path = `${nodes}/${node}`;
    const bootId = api.objects(nodes).find(({ metadata }) => metadata.name === node)?.status.nodeInfo?.bootID;
    await api.merge(path, { spec: { unschedulable: true } });
    await drainByWatch(api, node);
    await api.merge(path, { metadata: { labels: { [migrationLabel]: "true" } } });
    await this.#restartAgent(node);
    await this.#reboot(node, bootId);
    await this.#recreate(node);
    await this.#datapathUp([node]);
    await api.merge(path, { spec: { unschedulable: null } });
  }

  async #restartAgent(node: string): Promise<void> {
    const old = this.#agent(node);
    if (!old) throw new Error(`no agent on ${node}`);
    await this.#api.must("DELETE", pathOf(old));
    await this.#api.until("the new agent", () => {
      const agent = this.#agent(node, old.metadata.uid);
      return agent !== undefined && isReady(agent);
    });
    await this.#api.poll(
      "the CNI file",
      async () => `/etc/cni/net.d/${ciliumConfFile}` in ((await this.#machines()).get(node) ?? {}),
    );
  }

  /** By a privileged pod, as the engine's default does it, so that the same image is pulled and the same sandbox made. */
  async #reboot(node: string, bootId: string | undefined): Promise<void> {
    const api = this.#api;
    await api.must("POST", "/api/v1/namespaces/default/pods", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `reboot-${node}`, namespace: "default" },
      spec: {
        nodeName: node,
        hostPID: true,
        hostNetwork: true,
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 0,
        tolerations: [{ operator: "Exists" }],
        containers: [
          {
            name: "reboot",
            image: defaultPlanInput.probeImage,
            command: ["nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "--", "systemctl", "reboot"],
            securityContext: { privileged: true },
          },
        ],
      },
    });
    await api.until("the reboot", () => {
      const now = api.objects(nodes).find(({ metadata }) => metadata.name === node);
      return now !== undefined && now.status.nodeInfo?.bootID !== bootId && isReady(now);
    });
    await api.must("DELETE", `/api/v1/namespaces/default/pods/reboot-${node}`, { gracePeriodSeconds: 0 });
    await api.until("the agent after the reboot", () => {
      const agent = this.#agent(node);
      return agent !== undefined && isReady(agent);
    });
  }

  /** Pods that still bear an address of the old network are made anew; all that is left must be Ready. */
  async #recreate(node: string): Promise<void> {
    const api = this.#api;
    const here = () => api.objects(pods).filter((pod) => pod.spec.nodeName === node && !pod.spec.hostNetwork);
    const old = here().filter((pod) => (pod.status.podIP ?? "").startsWith("10.244."));
    await Promise.all(old.map((pod) => api.call("DELETE", pathOf(pod))));
    const gone = new Set(old.map((pod) => pod.metadata.uid));
    await api.until("the pods of the node", () => here().every((pod) => isReady(pod) && !gone.has(pod.metadata.uid)));
  }

  async #restart(plural: string, name: string, watched: string): Promise<void> {
    const api = this.#api;
    const template = { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() } } };
    const { metadata } = await api.merge(`${system}/${plural}/${name}`, { spec: { template } });
    await api.until(`the rollout of ${name}`, () => {
      const now = api.objects(watched).find((one) => one.metadata.uid === metadata.uid);
      return now !== undefined && rolledOut(now, metadata.generation ?? 0);
    });
  }

  async #removeNodeConfig(names: readonly string[]): Promise<void> {
    const api = this.#api;
    await api.must("DELETE", `${configs}/${nodeConfigName}`);
    await Promise.all(
      names.map((name) => api.merge(`${nodes}/${name}`, { metadata: { labels: { [migrationLabel]: null } } })),
    );
  }

  /** The DaemonSet first and wholly, then all else. */
  async #removeFlannel(): Promise<void> {
    const api = this.#api;
    const options = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" };
    await api.must("DELETE", "/apis/apps/v1/namespaces/kube-flannel/daemonsets/kube-flannel-ds", options);
    await api.until(
      "Flannel to go",
      () => !api.objects(daemonSets).some(({ metadata }) => metadata.name === "kube-flannel-ds"),
    );
    const rbac = "/apis/rbac.authorization.k8s.io/v1";
    await Promise.all(
      [
        "/api/v1/namespaces/kube-flannel/configmaps/kube-flannel-cfg",
        "/api/v1/namespaces/kube-flannel/serviceaccounts/flannel",
        `${rbac}/clusterrolebindings/flannel`,
        `${rbac}/clusterroles/flannel`,
        "/api/v1/namespaces/kube-flannel",
      ].map((path) => api.call("DELETE", path, options)),
    );
    await api.poll(
      "the namespace to go",
      async () => (await api.call("GET", "/api/v1/namespaces/kube-flannel")).status === 404,
    );
  }
}

function rolledOut({ spec, status }: Raw, generation: number): boolean {
  if ((status.observedGeneration ?? 0) < generation) return false;
  if (spec.replicas !== undefined)
    return (
      status.updatedReplicas === spec.replicas &&
      status.readyReplicas === spec.replicas &&
      status.replicas === spec.replicas
    );
  const wanted = status.desiredNumberScheduled;
  return status.updatedNumberScheduled === wanted && status.numberReady === wanted;
}
