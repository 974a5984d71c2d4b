import type { PodAccess } from "crossfade-lab/api/pods/pod-access.ts";
import type { LabClock } from "crossfade-lab/clock.ts";
import type { KubeObject } from "crossfade-lab/objects.ts";
import { ApiError } from "crossfade-lab/store/api-error.ts";
import type { ApiStore } from "crossfade-lab/store/api-store.ts";

interface Pod extends KubeObject {
  spec: { nodeName?: string; hostNetwork?: boolean; containers: { name: string; image?: string }[] };
  status?: Record<string, unknown>;
}

/** What the contract needs of kubelets and no more: pods run at once, stop at once, echo, and log their start. */
export function standInKubelet(
  store: ApiStore,
  clock: LabClock,
  nodes: readonly string[],
): PodAccess & { stop(): void } {
  const now = () => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  for (const [index, name] of nodes.entries()) {
    store.create("nodes", nodeObject(name, index));
    store.change("nodes", null, name, (node) => Object.assign(node, { status: nodeStatus(name, index, now()) }), {
      subresource: "status",
    });
  }
  const beat = () => {
    for (const name of nodes) renewLease(store, name, new Date(clock.now()).toISOString());
  };
  beat();
  const stopBeating = clock.every(10_000, beat);
  let address = 0;
  const unsubscribe = store.subscribe<Pod>("pods", ({ type, object }) => {
    if (type === "DELETED" || !object.spec.nodeName) return;
    const { name, namespace = "", uid } = object.metadata;
    setImmediate(() => {
      if (object.metadata.deletionTimestamp) return store.remove("pods", namespace, name, uid);
      if (object.status?.phase === "Running") return;
      const podIP = `10.244.0.${++address}`;
      store.change<Pod>("pods", namespace, name, (pod) => run(pod, podIP, now()), { subresource: "status" });
    });
  });
  return {
    ...access,
    stop() {
      unsubscribe();
      stopBeating();
    },
  };
}

/** Without it the node lifecycle controller takes a node for dead after 40 s. */
function renewLease(store: ApiStore, name: string, at: string): void {
  const renewTime = at.replace("Z", "000Z");
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime };
  const renewed = store.change("coordination.k8s.io/leases", "kube-node-lease", name, (lease) =>
    Object.assign(lease, { spec }),
  );
  if (renewed) return;
  const metadata = { name, namespace: "kube-node-lease" };
  store.create("coordination.k8s.io/leases", { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec });
}

function nodeObject(name: string, index: number): KubeObject {
  const labels = {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    ...(index === 0 ? { "node-role.kubernetes.io/control-plane": "" } : {}),
  };
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: {} };
}

function nodeStatus(name: string, index: number, at: string) {
  const room = { cpu: "8", memory: "16Gi", pods: "110" };
  const condition = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
  };
  return {
    capacity: room,
    allocatable: room,
    conditions: [{ ...condition, lastHeartbeatTime: at, lastTransitionTime: at }],
    addresses: [
      { type: "InternalIP", address: `172.18.0.${index + 2}` },
      { type: "Hostname", address: name },
    ],
    nodeInfo: {
      kubeletVersion: "v1.33.4",
      osImage: "Test OS",
      kernelVersion: "6.8.0",
      containerRuntimeVersion: "none://1",
    },
  };
}

function run(pod: Pod, podIP: string, at: string): void {
  const containerStatuses = pod.spec.containers.map(({ name, image = "" }) => ({
    name,
    image,
    imageID: image,
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: at } },
  }));
  const types = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];
  const scheduled = (pod.status?.conditions as { type: string }[] | undefined)?.filter(
    ({ type }) => !types.includes(type),
  );
  const conditions = types.map((type) => ({ type, status: "True", lastTransitionTime: at }));
  pod.status = {
    ...pod.status,
    phase: "Running",
    podIP,
    podIPs: [{ ip: podIP }],
    hostIP: "172.18.0.2",
    startTime: at,
    conditions: [...(scheduled ?? []), ...conditions],
    containerStatuses,
  };
}

const access: PodAccess = {
  async exec(_target, argv, stdin) {
    const [command, ...rest] = argv;
    if (command === "echo") return { stdout: `${rest.join(" ")}\n`, stderr: "", exitCode: 0 };
    if (command === "cat") return { stdout: (await stdin) ?? "", stderr: "", exitCode: 0 };
    const [, code] = /^exit (\d+)$/.exec(rest.at(-1) ?? "") ?? [];
    if (command === "sh" && code) return { stdout: "", stderr: "", exitCode: Number(code) };
    throw new ApiError(500, "InternalError", `exec: "${command}": executable file not found in $PATH`);
  },
  async logs({ container }, { tailLines = 3, follow }, onLine, signal) {
    for (const line of ["one", "two", "three"].slice(3 - tailLines)) onLine(`${container}: ${line}`);
    if (!follow || signal.aborted) return;
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  },
};
