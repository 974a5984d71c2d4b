import { VirtualClock } from "../../clock.ts";
import { createMachine } from "../../kubelet/machine-boot.ts";
import { podAccess } from "../../kubelet/pod-access.ts";
import type { PodObject, PodSpec } from "../../kubelet/pod-types.ts";
import { startKubelets } from "../../kubelet/start-kubelets.ts";
import { defaultTimings, type KubeletTimings } from "../../kubelet/timings.ts";
import type { Network } from "../../network/reach.ts";
import type { KubeObject } from "../../objects.ts";
import type { CniPlugin, Program } from "../../program.ts";
import { seededRandom } from "../../random.ts";
import { createStore } from "../../store/create-store.ts";

interface Given {
  readonly programs?: readonly Program[];
  readonly timings?: Partial<KubeletTimings>;
  readonly isControlPlane?: boolean;
  readonly badImage?: string;
}

interface EventObject extends KubeObject {
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** One kubelet on a store of its own: two CNI plugins that count addresses up, and a network that reaches all or nothing. */
export function oneNode(given: Given = {}) {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const store = createStore({ clock, random });
  for (const name of ["default", "kube-system", "kube-node-lease"]) {
    store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  const machine = createMachine("worker-1", "172.18.0.3", random);
  const wires: string[] = [];
  const faults: unknown[] = [];
  const reach = { pods: true };
  const network: Network = {
    fromNode: () => (reach.pods ? { ok: true, via: [], source: machine.ip } : { ok: false, reason: "no route" }),
    fromPod: () => ({ ok: false, reason: "not played here" }),
    resolve: () => ({ error: "not played here" }),
  };
  const kubelets = startKubelets({
    store,
    clock,
    random: random.fork("kubelets"),
    programs: given.programs ?? [],
    plugins: [plugin("flannel", "10.244.1.", wires), plugin("cilium-cni", "10.245.1.", wires)],
    network,
    timings: { ...defaultTimings, ...given.timings },
    imageFault: (image) => (image === given.badImage ? "not found" : null),
    report: (error) => faults.push(error),
  });
  kubelets.join({
    machine,
    isControlPlane: given.isControlPlane ?? false,
    kubernetesVersion: "v1.33.4",
    clusterCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/12",
    providerId: "",
    keepBootId: false,
  });
  return {
    clock,
    store,
    machine,
    kubelets,
    wires,
    faults,
    reach,
    access: podAccess(kubelets),
    conf: (name: string, type: string) =>
      machine.disk.set(`/etc/cni/net.d/${name}`, JSON.stringify({ plugins: [{ type }] })),
    run: (name: string, spec: Partial<PodSpec> = {}, metadata: Partial<KubeObject["metadata"]> = {}) =>
      store.create<PodObject>("pods", {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace: "default", ...metadata },
        spec: { nodeName: machine.name, containers: [{ name: "app", image: "example/app:1" }], ...spec },
      }),
    pod: (name: string) => store.get<PodObject>("pods", "default", name),
    condition: (name: string, type: string) =>
      store.get<PodObject>("pods", "default", name)?.status?.conditions?.find((condition) => condition.type === type)
        ?.status,
    nodeCondition: (type: string) =>
      store
        .get<KubeObject & { status: { conditions: { type: string; status: string; message: string }[] } }>(
          "nodes",
          null,
          machine.name,
        )
        ?.status.conditions.find((condition) => condition.type === type),
    reasons: (name: string) =>
      store
        .list<EventObject>("events")
        .filter((event) => (event.involvedObject as { name: string }).name === name)
        .map(({ reason }) => reason),
    event: (reason: string) => store.list<EventObject>("events").find((event) => event.reason === reason),
  };
}

function plugin(type: string, prefix: string, wires: string[]): CniPlugin {
  let last = 1;
  return {
    type,
    add(_machine, pod) {
      last += 1;
      wires.push(`+${pod.metadata.name} ${prefix}${last}`);
      return prefix + last;
    },
    del: (_machine, pod, address) => void wires.push(`-${pod.metadata.name} ${address}`),
  };
}
