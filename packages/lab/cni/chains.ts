import type { Machine } from "../machine.ts";

/** A jump from one of the kernel's own chains: without it nothing passes through the chain it names. */
export interface Jump {
  readonly from: string;
  readonly to: string;
  readonly comment: string;
  /** Cilium goes before what is there, other CNIs after it. */
  readonly place: "first" | "last";
}

/** Changes nothing where the jump is there already. */
export function ensureJump(machine: Machine, { from, to, comment, place }: Jump): void {
  const rule = `-A ${from.split("/")[1] ?? ""} -m comment --comment "${comment}" -j ${to}`;
  const rules = machine.chains.get(from) ?? [];
  if (rules.includes(rule)) return;
  machine.chains.set(from, place === "first" ? [rule, ...rules] : [...rules, rule]);
}
