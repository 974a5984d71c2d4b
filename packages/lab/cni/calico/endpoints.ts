import type { Machine } from "../../machine.ts";

/** Who makes chains for a machine's wires, while it runs. */
const daemons = new WeakMap<Machine, (wire: string) => void>();

/** Felix is at work on this machine: it is told of every wire, those that are there first. Returns how to end that. */
export function followEndpoints(machine: Machine, made: (wire: string) => void): () => void {
  daemons.set(machine, made);
  for (const { name, kind } of machine.links.values()) if (kind === "veth" && name.startsWith("cali")) made(name);
  return () => {
    if (daemons.get(machine) === made) daemons.delete(machine);
  };
}

/** Without a Felix nobody makes a chain for it, and its packets are dropped where chains are left. */
export function endpointCame(machine: Machine, wire: string): void {
  daemons.get(machine)?.(wire);
}

export function endpointWent(machine: Machine, wire: string): void {
  if (!daemons.has(machine)) return;
  for (const [way, short] of [
    ["to", "tw"],
    ["from", "fw"],
  ]) {
    const own = `cali-${short}-${wire}`;
    const dispatch = `filter/cali-${way}-wl-dispatch`;
    machine.chains.delete(`filter/${own}`);
    const rules = machine.chains.get(dispatch);
    if (rules)
      machine.chains.set(
        dispatch,
        rules.filter((rule) => !rule.endsWith(` ${own}`)),
      );
  }
}
