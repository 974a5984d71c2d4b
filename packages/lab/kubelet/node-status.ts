import type { Machine } from "../machine.ts";
import type { KubeObject } from "../objects.ts";
import { firstConfPath } from "./cni-sandbox.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { type Condition, timestamp } from "./pod-types.ts";

/** What a node says of itself when it joins. */
export interface NodeIdentity {
  readonly isControlPlane: boolean;
  readonly kubernetesVersion: string;
  /** "" where there is no cloud, kind://… as kind writes it. */
  readonly providerId: string;
}

/** A node as the kubelet writes it. */
export interface NodeObject extends KubeObject {
  spec: { unschedulable?: boolean; taints?: unknown[]; providerID?: string; podCIDR?: string; podCIDRs?: string[] };
  status?: { conditions?: Condition[]; [field: string]: unknown };
}

const role = "node-role.kubernetes.io/control-plane";

function labels({ name, architecture }: Machine, isControlPlane: boolean): Record<string, string> {
  return {
    "beta.kubernetes.io/arch": architecture,
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": architecture,
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    ...(isControlPlane ? { [role]: "", "node.kubernetes.io/exclude-from-external-load-balancers": "" } : {}),
  };
}

/** Creates the Node unless it is there; what others wrote to it (cordon, labels, taints) stays. */
export function registerNode({ store, machine }: KubeletWorld, identity: NodeIdentity): void {
  const { isControlPlane, providerId } = identity;
  const ours = labels(machine, isControlPlane);
  if (store.get("nodes", null, machine.name)) {
    store.change<NodeObject>("nodes", null, machine.name, ({ metadata }) => {
      metadata.labels = { ...metadata.labels, ...ours };
    });
    return;
  }
  store.create<NodeObject>(
    "nodes",
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: machine.name,
        labels: ours,
        annotations: {
          "node.alpha.kubernetes.io/ttl": "0",
          "volumes.kubernetes.io/controller-managed-attach-detach": "true",
        },
      },
      spec: {
        ...(providerId ? { providerID: providerId } : {}),
        // As kubeadm and every kubelet do: nobody is scheduled before the node is ready.
        taints: [
          ...(isControlPlane ? [{ key: role, effect: "NoSchedule" }] : []),
          { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
        ],
      },
    },
    { manager: "kubelet" },
  );
}

/** Why the node is not ready, in the kubelet's words; null when it is. */
export function readinessFault({ machine }: KubeletWorld, runtimeIsUp: boolean): string | null {
  if (!runtimeIsUp && machine.faults.has("runtime-down")) return "[container runtime is down]";
  if (!runtimeIsUp) return "[container runtime status check may not have completed yet]";
  if (firstConfPath(machine) !== null) return null;
  return (
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady " +
    "message:Network plugin returns error: cni plugin not initialized"
  );
}

/** Posts what the kubelet knows of its node; conditions of others stay. */
export function postNodeStatus(world: KubeletWorld, identity: NodeIdentity, fault: string | null): void {
  const { store, machine, clock } = world;
  const at = timestamp(clock.now());
  const write = (node: NodeObject) => {
    const before = node.status?.conditions ?? [];
    const ours = nodeConditions(fault).map((condition): Condition => {
      const old = before.find(({ type }) => type === condition.type);
      const since = old?.status === condition.status ? (old.lastTransitionTime ?? at) : at;
      return { ...condition, lastHeartbeatTime: at, lastTransitionTime: since };
    });
    const others = before.filter(({ type }) => !ours.some((condition) => condition.type === type));
    node.status = { ...node.status, ...facts(machine, identity), conditions: [...others, ...ours] };
  };
  store.change<NodeObject>("nodes", null, machine.name, write, { subresource: "status", manager: "kubelet" });
}

function nodeConditions(fault: string | null): Condition[] {
  const fine = (type: string, reason: string, what: string): Condition => ({
    type,
    status: "False",
    reason,
    message: `kubelet has ${what} available`,
  });
  return [
    fine("MemoryPressure", "KubeletHasSufficientMemory", "sufficient memory"),
    fine("DiskPressure", "KubeletHasNoDiskPressure", "no disk pressure"),
    fine("PIDPressure", "KubeletHasSufficientPID", "sufficient PID"),
    fault === null
      ? { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" }
      : { type: "Ready", status: "False", reason: "KubeletNotReady", message: fault },
  ];
}

function facts(machine: Machine, { kubernetesVersion }: NodeIdentity): Record<string, unknown> {
  const amounts = { cpu: "16", memory: "65536000Ki", "ephemeral-storage": "102400000Ki", pods: "110" };
  return {
    addresses: [
      { type: "InternalIP", address: machine.ip },
      { type: "Hostname", address: machine.name },
    ],
    capacity: { ...amounts, "hugepages-2Mi": "0" },
    allocatable: { ...amounts, "hugepages-2Mi": "0" },
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: machine.architecture,
      bootID: machine.bootId,
      containerRuntimeVersion: "containerd://2.1.3",
      kernelVersion: machine.kernelVersion,
      kubeProxyVersion: "",
      kubeletVersion: kubernetesVersion,
      machineID: (machine.disk.get("/etc/machine-id") ?? "").trim(),
      operatingSystem: "linux",
      osImage: "Debian GNU/Linux 12 (bookworm)",
      systemUUID: (machine.disk.get("/etc/machine-id") ?? "").trim().slice(0, 32),
    },
  };
}

/** Says that the kubelet is alive, as it does every ten seconds. */
export function renewLease({ store, machine, clock }: KubeletWorld): void {
  const renewTime = new Date(clock.now()).toISOString().replace("Z", "000Z");
  type Lease = KubeObject & { spec: { renewTime?: string } };
  const renewed = store.change<Lease>("coordination.k8s.io/leases", "kube-node-lease", machine.name, (lease) => {
    lease.spec.renewTime = renewTime;
  });
  if (renewed) return;
  const uid = store.get("nodes", null, machine.name)?.metadata.uid;
  if (uid === undefined) return;
  store.create("coordination.k8s.io/leases", {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: machine.name,
      namespace: "kube-node-lease",
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name: machine.name, uid }],
    },
    spec: { holderIdentity: machine.name, leaseDurationSeconds: 40, renewTime },
  });
}
