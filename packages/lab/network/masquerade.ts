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
  const rule = sourceRule(machine, source);
  if (rule !== null && !rule.spares(to)) return { source: out, chain: rule.chain };
  if (route(machine, to) === "cilium_host" && entersCilium(machine, to)) {
    return { source: out, chain: postNat };
  }
  return { source, chain: null };
}

function fromCilium(machine: Machine, source: string, to: string): LeftAs {
  const datapath = datapathOf(machine);
  const leavesCilium = route(machine, to) !== "cilium_host";
  if (!datapath?.masquerade || !leavesCilium || isNative(machine, to)) return { source, chain: null };
  return { source: outAddress(machine, to), chain: postNat };
}

const postNat = "nat/CILIUM_POST_nat";

/** Its rule `! -s RANGE ! -d RANGE -o cilium_host`: what comes from elsewhere to another node's pods is the router's. */
function entersCilium(machine: Machine, to: string): boolean {
  const rules = machine.chains.get(postNat);
  const range = rules ? firstIn(rules, / ! -d (\S+) -o cilium_host /) : null;
  return rules !== undefined && (range === null || !inCidr(to, range));
}

/** Its rule `-s RANGE ! -d NATIVE ! -o cilium_+`: in that range the pods' own addresses are known. */
function isNative(machine: Machine, to: string): boolean {
  const native = firstIn(machine.chains.get(postNat) ?? [], / ! -d (\S+) ! -o cilium_\+ /);
  return native !== null && inCidr(to, native);
}

function firstIn(rules: readonly string[], pattern: RegExp): string | null {
  for (const rule of rules) {
    const found = pattern.exec(rule)?.[1];
    if (found) return found;
  }
  return null;
}

interface SourceRule {
  /** Whether it leaves packets to that address as they are. */
  readonly spares: (to: string) => boolean;
  readonly chain: string;
}

/** The rule by which the source masquerades what leaves its ranges on this machine; null once its rules are gone. */
function sourceRule(machine: Machine, source: string): SourceRule | null {
  for (const [chain, rules] of machine.chains) {
    if (!chain.startsWith("nat/")) continue;
    for (const rule of rules) {
      const spared = sparedBy(machine, rule, source);
      if (spared) return { spares: (to) => spared.some((range) => inCidr(to, range)), chain };
    }
  }
  for (const [table, network] of machine.nftTables) {
    if (table.startsWith("ip ")) return { spares: (to) => inCidr(to, network), chain: table };
  }
  return null;
}

/** The ranges to which a rule does not masquerade; null where it does not masquerade by ranges. */
function sparedBy(machine: Machine, rule: string, source: string): readonly string[] | null {
  const network = /-s (\S+) ! -d 224\.0\.0\.0\/4 .*MASQUERADE/.exec(rule)?.[1];
  if (network) return [network];
  const set = /! --match-set (\S+) dst .*MASQUERADE/.exec(rule)?.[1];
  const from = /-m set --match-set (\S+) src /.exec(rule)?.[1];
  const isMeant = from === undefined || members(machine, from).some((range) => inCidr(source, range));
  return set && isMeant ? members(machine, set) : null;
}

const members = ({ ipsets }: Machine, name: string): readonly string[] => [...(ipsets.get(name) ?? [])];

/** The address of the link that leads to `to`: what MASQUERADE writes, and what the machine itself sends from. */
export function outAddress(machine: Machine, to: string): string {
  const via = route(machine, to);
  const address = via === null ? null : machine.links.get(via)?.address;
  return address ? bareAddress(address) : machine.ip;
}
