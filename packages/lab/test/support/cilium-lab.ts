import { VirtualClock } from "../../clock.ts";
import type { PodObject } from "../../cni/kinds.ts";
import { isReady } from "../../cni/kinds.ts";
import { runHelm } from "../../helm/run-helm.ts";
import { createLab, type Lab, type LabSetup } from "../../lab.ts";
import { defaultLabOptions } from "../../lab-options.ts";
import type { Machine } from "../../machine.ts";

/** Values of the hybrid phase, as the migration uses them. */
export const hybridValues = {
  operator: { unmanagedPodWatcher: { restart: false } },
  routingMode: "tunnel",
  tunnelProtocol: "vxlan",
  tunnelPort: 8473,
  cni: { customConf: true, uninstall: false },
  ipam: { mode: "cluster-pool", operator: { clusterPoolIPv4PodCIDRList: ["10.245.0.0/16"] } },
  policyEnforcementMode: "never",
  bpf: { hostLegacyRouting: true },
};

export interface HelmRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real lab on virtual time, with the lab's helm at hand. */
export interface CiliumLab {
  readonly lab: Lab;
  readonly clock: VirtualClock;
  readonly faults: readonly unknown[];
  helm(args: readonly string[], major?: 3 | 4): Promise<HelmRun>;
  install(values: object, version?: string): Promise<HelmRun>;
  /** Moves time on until the condition holds; throws when it does not within two minutes of lab time. */
  until(what: string, condition: () => boolean): Promise<void>;
  agent(node: string): PodObject | undefined;
  /** Deletes the agent's pod and waits for a new one that is Ready. */
  restartAgent(node: string): Promise<void>;
  machine(node: string): Machine;
  /** Confs and their backups on a node. */
  confs(node: string): readonly string[];
  stop(): Promise<void>;
}

export async function ciliumLab(setup: Partial<LabSetup> = {}): Promise<CiliumLab> {
  const clock = new VirtualClock();
  const faults: unknown[] = [];
  const lab = await createLab({
    ...defaultLabOptions,
    pods: 4,
    seed: 5,
    clock,
    onFault: (fault) => faults.push(fault),
    ...setup,
  });

  async function helm(args: readonly string[], major: 3 | 4 = 4): Promise<HelmRun> {
    const out: string[] = [];
    const err: string[] = [];
    process.env.LAB_HELM_MAJOR = String(major);
    const exitCode = await runHelm([...args, "--kubeconfig", lab.address.kubeconfig], {
      signal: new AbortController().signal,
      print: (line) => out.push(line),
      warn: (line) => err.push(line),
      // A helm that waits needs a cluster that moves: time passes while it sleeps, and only then.
      clock: { now: () => clock.now(), sleep: (ms) => clock.advance(ms) },
    });
    delete process.env.LAB_HELM_MAJOR;
    return { exitCode, stdout: out.join("\n"), stderr: err.join("\n") };
  }

  async function until(what: string, condition: () => boolean): Promise<void> {
    for (let second = 0; second < 240; second++) {
      if (condition()) return;
      await clock.advance(500);
    }
    throw new Error(`not within two minutes: ${what}`);
  }

  const agent = (node: string) =>
    lab.store
      .podsOn<PodObject>(node)
      .find(({ metadata }) => metadata.labels?.["k8s-app"] === "cilium" && !metadata.deletionTimestamp);
  const machine = (node: string) => {
    const found = lab.machines.get(node);
    if (!found) throw new Error(`no machine ${node}`);
    return found;
  };

  return {
    lab,
    clock,
    faults,
    helm,
    until,
    agent,
    machine,
    install: (values, version = "1.18.12") =>
      helm([
        ..."upgrade --install cilium cilium --repo https://helm.cilium.io/ -n kube-system --reset-values".split(" "),
        `--version=${version}`,
        ...Object.entries(values).flatMap(([key, value]) => ["--set-json", `${key}=${JSON.stringify(value)}`]),
      ]),
    async restartAgent(node) {
      const old = agent(node);
      if (old) lab.store.delete("pods", "kube-system", old.metadata.name);
      await until(`a new agent on ${node}`, () => {
        const now = agent(node);
        return now !== undefined && now.metadata.uid !== old?.metadata.uid && isReady(now);
      });
    },
    confs: (node) =>
      [...machine(node).disk.keys()]
        .filter((path) => path.startsWith("/etc/cni/net.d/"))
        .map((path) => path.slice("/etc/cni/net.d/".length))
        .sort(),
    stop: () => lab.stop(),
  };
}

/** Every agent Ready and every datapath loaded. */
export async function untilWhole(world: CiliumLab): Promise<void> {
  const nodes = [...world.lab.machines.keys()];
  await world.until("every agent Ready and its datapath loaded", () =>
    nodes.every((node) => {
      const agent = world.agent(node);
      const { disk } = world.machine(node);
      return (
        agent !== undefined &&
        isReady(agent) &&
        disk.has("/run/cilium/state/datapath.json") &&
        !disk.has("/run/cilium/state/regenerating-until")
      );
    }),
  );
}

const migrationLabel = "io.cilium.migration/cilium-default";

/** The object by which a labelled node's agent takes over. */
export function takeOver(name: string, defaults: Readonly<Record<string, string>>) {
  return {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNodeConfig",
    metadata: { name, namespace: "kube-system" },
    spec: { nodeSelector: { matchLabels: { [migrationLabel]: "true" } }, defaults },
  };
}

export const takeOverDefaults = {
  "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist",
  "custom-cni-conf": "false",
  "cni-chaining-mode": "none",
  "cni-exclusive": "true",
};

export function label(world: CiliumLab, node: string, value: string | null): void {
  world.lab.store.change("nodes", null, node, (copy) => {
    copy.metadata.labels = { ...copy.metadata.labels };
    if (value === null) delete copy.metadata.labels[migrationLabel];
    else copy.metadata.labels[migrationLabel] = value;
  });
}

/** A pod that stays where it is told to and serves on 8080; resolves when it has an address. */
export async function serverPod(world: CiliumLab, node: string, name: string): Promise<PodObject> {
  world.lab.store.create("pods", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: name } },
    spec: {
      nodeName: node,
      tolerations: [{ operator: "Exists" }],
      containers: [{ name: "agnhost", image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: ["netexec"] }],
    },
  });
  const read = () => world.lab.store.get<PodObject>("pods", "default", name);
  await world.until(`${name} to be Ready`, () => {
    const pod = read();
    return pod !== undefined && isReady(pod);
  });
  const pod = read();
  if (!pod) throw new Error(`${name} vanished`);
  return pod;
}
