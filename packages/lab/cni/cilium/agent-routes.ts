import type { Machine } from "../../machine.ts";
import type { Store } from "../../objects.ts";
import { ensureJump } from "../chains.ts";
import type { CiliumNodeObject } from "../kinds.ts";
import { ProjectedWatch } from "../projected-watch.ts";
import type { NodeRange } from "./agent-node.ts";
import { ciliumNodes } from "./agent-node.ts";

const ranges = new ProjectedWatch<readonly string[]>(ciliumNodes, (object) => {
  const podCidrs = (object as CiliumNodeObject).spec.ipam?.podCIDRs ?? [];
  return podCidrs.length > 0 ? podCidrs : null;
});

/** The kernel's chain behind the middle part of a chain's name. */
const hooks: Readonly<Record<string, string>> = { PRE: "PREROUTING", POST: "POSTROUTING" };

/** Links, chains and the routes to its own range, with the range in which pods keep their addresses; a second start finds them and changes nothing. */
export function setUpHost(machine: Machine, { podCidrs, routerIp }: NodeRange, native: string | undefined): void {
  machine.links.set("cilium_net", { name: "cilium_net", kind: "veth", address: null, owner: "cilium" });
  machine.links.set("cilium_host", { name: "cilium_host", kind: "veth", address: `${routerIp}/32`, owner: "cilium" });
  machine.links.set("lxc_health", { name: "lxc_health", kind: "veth", address: null, owner: "cilium" });
  for (const cidr of podCidrs) machine.routes.set(cidr, "cilium_host");
  const [range = ""] = podCidrs;
  const chains = chainsFor({ range, native, routerIp });
  for (const [name, rules] of Object.entries(chains)) {
    machine.chains.set(name, [...rules]);
    const [, chain = "", hook = "", table = ""] = /\/(CILIUM_([A-Z]+)(?:_([a-z]+))?)$/.exec(name) ?? [];
    const from = `${table || "filter"}/${hooks[hook] ?? hook}`;
    ensureJump(machine, { from, to: chain, comment: `cilium-feeder: ${chain}`, place: "first" });
  }
}

interface Ranges {
  readonly range: string;
  readonly native: string | undefined;
  readonly routerIp: string;
}

function chainsFor({ range, native = range, routerIp }: Ranges): Readonly<Record<string, readonly string[]>> {
  const nat = '-m comment --comment "cilium masquerade non-cluster"';
  return {
    "raw/CILIUM_PRE_raw": ["-A CILIUM_PRE_raw -m mark --mark 0x200/0xf00 -j CT --notrack"],
    "raw/CILIUM_OUTPUT_raw": ["-A CILIUM_OUTPUT_raw -o lxc+ -m mark --mark 0xa00/0xfffffeff -j CT --notrack"],
    "mangle/CILIUM_PRE_mangle": [
      "-A CILIUM_PRE_mangle ! -o lo -m socket --transparent -j MARK --set-xmark 0x200/0xffffffff",
    ],
    "mangle/CILIUM_POST_mangle": [],
    "nat/CILIUM_PRE_nat": [],
    "nat/CILIUM_OUTPUT_nat": [],
    "nat/CILIUM_POST_nat": [
      `-A CILIUM_POST_nat -s ${range} ! -d ${native} ! -o cilium_+ ${nat} -j MASQUERADE`,
      `-A CILIUM_POST_nat ! -s ${range} ! -d ${range} -o cilium_host -j SNAT --to-source ${routerIp}`,
    ],
    "filter/CILIUM_INPUT": ["-A CILIUM_INPUT -m mark --mark 0x200/0xf00 -j ACCEPT"],
    "filter/CILIUM_OUTPUT": ["-A CILIUM_OUTPUT -m mark --mark 0xa00/0xe00 -j ACCEPT"],
    "filter/CILIUM_FORWARD": [
      "-A CILIUM_FORWARD -o cilium_host -j ACCEPT",
      "-A CILIUM_FORWARD -i cilium_host -j ACCEPT",
    ],
  };
}

/** One route to every other node's range, kept as nodes come and go. */
export function followRoutes(machine: Machine, store: Store): () => void {
  const mine = new Map<string, readonly string[]>();
  return ranges.subscribe(store, (name, podCidrs) => {
    if (name === machine.name || !machine.up) return;
    for (const cidr of mine.get(name) ?? []) if (!podCidrs?.includes(cidr)) machine.routes.delete(cidr);
    mine.delete(name);
    if (!podCidrs) return;
    for (const cidr of podCidrs) machine.routes.set(cidr, "cilium_host");
    mine.set(name, podCidrs);
  });
}
