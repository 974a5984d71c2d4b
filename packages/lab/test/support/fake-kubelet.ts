import type { LabClock } from "../../clock.ts";
import type { Lease, Node, Pod } from "../../controllers/kinds.ts";
import { keyOf, splitKey } from "../../controllers/object-key.ts";
import type { Store } from "../../objects.ts";

/** Kubelets without containers: pods become ready, stop when told, and heartbeats go on unless silenced. */
export interface FakeKubelets {
  /** Adds a ready node, or one that says what `ready` says. */
  addNode(
    name: string,
    node?: Partial<Pick<Node, "spec">> & { labels?: Record<string, string>; ready?: boolean },
  ): void;
  setReady(node: string, status: "True" | "False"): void;
  /** No lease, no status, no pods started or stopped. */
  silence(node: string): void;
  /** Pods whose name it says yes to are started, but never ready. */
  neverReady(test: (pod: Pod) => boolean): void;
  stop(): void;
}

const startMs = 50;
/** How a pod ends by itself: "0" succeeds, all else fails. */
export const exitAnnotation = "test/exit";

export function fakeKubelets(store: Store, clock: LabClock): FakeKubelets {
  const silent = new Set<string>();
  const dirty = new Set<string>();
  let isSick: (pod: Pod) => boolean = () => false;
  let addresses = 0;
  const now = () => new Date(clock.now()).toISOString();
  const start = (pod: Pod) => {
    const { namespace = "", name, annotations } = pod.metadata;
    const exit = annotations?.[exitAnnotation];
    const phase = exit === undefined ? "Running" : exit === "0" ? "Succeeded" : "Failed";
    const ready = phase === "Running" && !isSick(pod) ? "True" : "False";
    addresses += 1;
    const podIP = `10.244.${addresses >> 8}.${addresses & 255}`;
    const conditions = [{ type: "Ready", status: ready, lastTransitionTime: now() } as const];
    const edit = (copy: Pod) => {
      copy.status = { ...copy.status, phase, podIP, conditions };
    };
    store.change<Pod>("pods", namespace, name, edit, { subresource: "status" });
  };
  const work = () => {
    const keys = [...dirty];
    dirty.clear();
    for (const key of keys) {
      const pod = store.get<Pod>("pods", ...splitKey(key));
      if (!pod?.spec.nodeName || silent.has(pod.spec.nodeName)) continue;
      if (pod.metadata.deletionTimestamp) store.remove("pods", ...splitKey(key), pod.metadata.uid);
      else if ((pod.status?.phase ?? "Pending") === "Pending") start(pod);
    }
  };
  const stopPods = store.subscribe<Pod>("pods", ({ type, object }) => {
    if (type === "DELETED" || !object.spec.nodeName) return;
    const waits = object.metadata.deletionTimestamp || (object.status?.phase ?? "Pending") === "Pending";
    if (!waits) return;
    if (!dirty.size) clock.after(startMs, work);
    dirty.add(keyOf(object));
  });
  const stopLeases = clock.every(10_000, () => {
    for (const { metadata } of store.list<Node>("nodes")) {
      if (silent.has(metadata.name)) continue;
      const renew = (copy: Lease) => {
        copy.spec = { ...copy.spec, renewTime: now() };
      };
      store.change<Lease>("coordination.k8s.io/leases", "kube-node-lease", metadata.name, renew);
    }
  });
  const setReady = (node: string, status: "True" | "False") => {
    const edit = (copy: Node) => {
      const conditions = [{ type: "Ready", status, lastHeartbeatTime: now(), lastTransitionTime: now() } as const];
      copy.status = { ...copy.status, conditions };
    };
    store.change<Node>("nodes", null, node, edit, { subresource: "status" });
  };
  return {
    addNode(name, { spec, labels, ready = true } = {}) {
      const metadata = { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", ...labels } };
      store.create<Node>("nodes", { apiVersion: "v1", kind: "Node", metadata, ...(spec ? { spec } : {}) });
      const allocatable = { cpu: "4", memory: "8Gi", pods: "110" };
      const allot = (copy: Node) => {
        copy.status = { ...copy.status, allocatable };
      };
      store.change<Node>("nodes", null, name, allot, { subresource: "status" });
      setReady(name, ready ? "True" : "False");
      if (store.get("coordination.k8s.io/leases", "kube-node-lease", name)) return;
      const lease = { name, namespace: "kube-node-lease" };
      const spec_ = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: now() };
      store.create<Lease>("coordination.k8s.io/leases", {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: lease,
        spec: spec_,
      });
    },
    setReady,
    silence: (node) => void silent.add(node),
    neverReady: (test) => {
      isSick = test;
    },
    stop: () => {
      stopPods();
      stopLeases();
    },
  };
}
