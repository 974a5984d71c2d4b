import { datapathOf } from "../cni/cilium/datapath.ts";
import type { Machine } from "../machine.ts";
import { route } from "./carry.ts";
import { bareAddress, inCidr } from "./cidr.ts";

/** The address that a packet bears once it left the sender's machine, and the chain that changed it. */
export interface LeftAs {
  readonly source: string;
  readonly chain: string | null;
}

/** Who wired the sender; "node" for the machine itself and its hostNetwork pods. */
export type SenderKind = "source" | "cilium" | "node";

/** What POSTROUTING of the sender's machine makes of the source address. */
export function masquerade(machine: Machine, kind: SenderKind, source: string, to: string): LeftAs {
  const out = outAddress(machine, to);
  if (kind === "node") return { source: out, chain: null };
  if (to === machine.ip) return { source, chain: null };
  if (kind === "cilium") return fromCilium(machine, source, to);
  const rule = sourceRule(machine);
  if (rule !== null && !rule.spares(to)) return { source: out, chain: rule.chain };
  if (route(machine, to) === "cilium_host" && machine.chains.has("nat/CILIUM_POST_nat")) {
    return { source: out, chain: "nat/CILIUM_POST_nat" };
  }
  return { source, chain: null };
}

function fromCilium(machine: Machine, source: string, to: string): LeftAs {
  const datapath = datapathOf(machine);
  const leavesCilium = route(machine, to) !== "cilium_host";
  if (!datapath?.masquerade || !leavesCilium) return { source, chain: null };
  return { source: outAddress(machine, to), chain: "nat/CILIUM_POST_nat" };
}

interface SourceRule {
  /** Whether it leaves packets to that address as they are. */
  readonly spares: (to: string) => boolean;
  readonly chain: string;
}

/** The rule by which the source masquerades what leaves its ranges on this machine; null once its rules are gone. */
function sourceRule(machine: Machine): SourceRule | null {
  for (const [chain, rules] of machine.chains) {
    if (!chain.startsWith("nat/")) continue;
    for (const rule of rules) {
      const spared = sparedBy(machine, rule);
      if (spared) return { spares: (to) => spared.some((range) => inCidr(to, range)), chain };
    }
  }
  for (const [table, network] of machine.nftTables) {
    if (table.startsWith("ip ")) return { spares: (to) => inCidr(to, network), chain: table };
  }
  return null;
}

/** The ranges to which a rule does not masquerade; null where it does not masquerade by ranges. */
function sparedBy(machine: Machine, rule: string): readonly string[] | null {
  const network = /-s (\S+) ! -d 224\.0\.0\.0\/4 .*MASQUERADE/.exec(rule)?.[1];
  if (network) return [network];
  const set = /! --match-set (\S+) dst .*MASQUERADE/.exec(rule)?.[1];
  return set ? [...(machine.ipsets.get(set) ?? [])] : null;
}

/** The address of the link that leads to `to`: what MASQUERADE writes, and what the machine itself sends from. */
export function outAddress(machine: Machine, to: string): string {
  const via = route(machine, to);
  const address = via === null ? null : machine.links.get(via)?.address;
  return address ? bareAddress(address) : machine.ip;
}
