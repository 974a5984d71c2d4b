import type { Store } from "../objects.ts";
import type { NodeObject } from "./kinds.ts";

/** A condition as a daemon reports it. */
export interface ReportedCondition {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/** Leaves a condition that already says the same untouched, so that nobody is woken for nothing. */
export function setNodeCondition(
  store: Store,
  node: string,
  { now, type, status, reason, message }: ReportedCondition,
): void {
  const at = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
  const current = store.get<NodeObject>("nodes", null, node)?.status?.conditions?.find((entry) => entry.type === type);
  if (current?.status === status && current.reason === reason) return;
  const lastTransitionTime = current?.status === status ? (current.lastTransitionTime ?? at) : at;
  const entry = { type, status, reason, message, lastHeartbeatTime: at, lastTransitionTime };
  store.change<NodeObject>(
    "nodes",
    null,
    node,
    (copy) => {
      const others = (copy.status?.conditions ?? []).filter((condition) => condition.type !== type);
      copy.status = { ...copy.status, conditions: [...others, entry] };
    },
    { subresource: "status" },
  );
}
