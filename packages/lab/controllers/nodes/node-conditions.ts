import { findCondition } from "../conditions.ts";
import type { Condition, Node, Taint } from "../kinds.ts";

const prefix = "node.kubernetes.io/";
const pressures: Readonly<Record<string, string>> = {
  NetworkUnavailable: "network-unavailable",
  MemoryPressure: "memory-pressure",
  DiskPressure: "disk-pressure",
  PIDPressure: "pid-pressure",
};
const managed: ReadonlySet<string> = new Set([
  ...Object.values(pressures).map((name) => `${prefix}${name}`),
  `${prefix}not-ready`,
  `${prefix}unreachable`,
  `${prefix}unschedulable`,
]);

/** The taints that a node's conditions and cordon ask for; a node that never said it is ready keeps pods away but evicts none. */
export function lifecycleTaints({ spec, status }: Node): readonly Taint[] {
  const ready = findCondition(status?.conditions, "Ready");
  const down = downName(ready);
  const taint = (name: string, effect: Taint["effect"] = "NoSchedule"): Taint => ({ key: `${prefix}${name}`, effect });
  const pressing = Object.entries(pressures).filter(
    ([type]) => findCondition(status?.conditions, type)?.status === "True",
  );
  return [
    ...(spec?.unschedulable ? [taint("unschedulable")] : []),
    ...(down ? [taint(down)] : []),
    ...(down && ready ? [taint(down, "NoExecute")] : []),
    ...pressing.map(([, name]) => taint(name)),
  ];
}

function downName(ready: Condition | undefined): string | null {
  if (ready?.status === "True") return null;
  return ready?.status === "Unknown" ? "unreachable" : "not-ready";
}

/** The node's taints with its life cycle's brought up to date; null where nothing changes. Others' taints stay. */
export function retainted(node: Node, now: string): Taint[] | null {
  const before = node.spec?.taints ?? [];
  const wanted = lifecycleTaints(node);
  const same = (a: Taint) => (b: Taint) => a.key === b.key && a.effect === b.effect;
  const kept = before.filter((taint) => !managed.has(taint.key) || wanted.some(same(taint)));
  const missing = wanted.filter((taint) => !before.some(same(taint)));
  if (!missing.length && kept.length === before.length) return null;
  return [...kept, ...missing.map((taint) => ({ ...taint, timeAdded: now }))];
}
