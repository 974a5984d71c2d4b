import { findCondition, withCondition } from "../conditions.ts";
import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Condition, Lease, Node } from "../kinds.ts";
import { timestamp } from "../timestamp.ts";

/** kube-controller-manager's --node-monitor-period, --node-monitor-grace-period and --node-startup-grace-period. */
const [periodMs, graceMs, startupGraceMs] = [5_000, 40_000, 60_000];
const types = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

interface Heartbeat {
  readonly uid: string | undefined;
  readonly sign: string;
  /** When this controller saw the sign for the first time: nodes' own clocks are not trusted. */
  readonly seenMs: number;
}

/** Marks nodes Unknown whose kubelet is silent: neither its lease nor its status moved for the grace period. */
export function startNodeHeartbeats(plane: ControlPlane): Stop {
  const { store, clock } = plane;
  const heartbeats = new Map<string, Heartbeat>();
  let lastMs = clock.now();
  const look = (node: Node) => {
    const { name, uid } = node.metadata;
    const sign = signOfLife(plane, node);
    const known = heartbeats.get(name);
    if (known?.sign !== sign || known.uid !== uid) heartbeats.set(name, { uid, sign, seenMs: clock.now() });
    else if (clock.now() - known.seenMs > grace(node)) markUnknown(plane, node);
  };
  return stopAll([
    clock.every(periodMs, () => {
      const lateMs = Math.max(0, clock.now() - lastMs - periodMs);
      lastMs = clock.now();
      if (lateMs) forgive(heartbeats, lateMs);
      for (const node of store.list<Node>("nodes")) look(node);
    }),
    store.subscribe<Node>("nodes", ({ type, object }) => {
      if (type === "DELETED") heartbeats.delete(object.metadata.name);
    }),
  ]);
}

/** While this process stood still no kubelet of the lab could speak either: that is not held against the nodes. */
function forgive(heartbeats: Map<string, Heartbeat>, lateMs: number): void {
  for (const [name, { uid, sign, seenMs }] of heartbeats) heartbeats.set(name, { uid, sign, seenMs: seenMs + lateMs });
}

function grace({ status }: Node): number {
  return findCondition(status?.conditions, "Ready") ? graceMs : startupGraceMs;
}

function signOfLife({ store }: ControlPlane, node: Node): string {
  const lease = store.get<Lease>("coordination.k8s.io/leases", "kube-node-lease", node.metadata.name);
  const ready = findCondition(node.status?.conditions, "Ready");
  return `${lease?.spec?.renewTime} ${ready?.lastHeartbeatTime}`;
}

function markUnknown({ store, clock }: ControlPlane, node: Node): void {
  if (findCondition(node.status?.conditions, "Ready")?.status === "Unknown") return;
  const edit = (copy: Node) => {
    let conditions = copy.status?.conditions ?? [];
    for (const type of types) conditions = withCondition(conditions, silent(conditions, type), timestamp(clock));
    copy.status = { ...copy.status, conditions };
  };
  store.change<Node>("nodes", null, node.metadata.name, edit, { manager: "node-controller", subresource: "status" });
}

function silent(conditions: readonly Condition[], type: string): Condition {
  const before = findCondition(conditions, type);
  if (!before) {
    const message = "Kubelet never posted node status.";
    return { type, status: "Unknown", reason: "NodeStatusNeverUpdated", message };
  }
  return { ...before, status: "Unknown", reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };
}
