import { bareAddress } from "../../network/cidr.ts";
import { type Guard, type GuardWorld, memberOf, type PodPassage } from "../../network/policy/guard.ts";
import { type NetworkPolicyObject, verdict } from "../../network/policy/kubernetes-policy.ts";
import type { Traffic } from "../../network/policy/traffic.ts";
import { sandboxLink } from "../sandbox-link.ts";
import { datapathOf } from "./datapath.ts";

/**
 * Cilium at its own endpoints: by identity, and only as the agent was told when it started. The node's own host is always let
 * in; ranges of addresses are compared only with what is no pod of Cilium's and no node.
 */
export function ciliumGuard(world: GuardWorld): Guard {
  return { pod: (passage) => (isHeld(world, passage) ? reason(passage) : null) };
}

function isHeld(world: GuardWorld, passage: PodPassage): boolean {
  const { machine, pod, direction } = passage;
  const enforcement = datapathOf(machine)?.enforcement ?? "never";
  if (enforcement === "never" || !isEndpoint(passage)) return false;
  const rules = world.policies.of(pod.metadata.namespace ?? "default");
  if (rules.length === 0) return enforcement === "always";
  return !(direction === "Ingress" && isFromHost(passage)) && isDenied(world, rules, passage, enforcement);
}

function isDenied(
  world: GuardWorld,
  rules: readonly NetworkPolicyObject[],
  passage: PodPassage,
  enforcement: string,
): boolean {
  const found = verdict(rules, memberOf(world.store, passage.pod), { ...passage, other: otherOf(world, passage) });
  return found === "denied" || (found === "open" && enforcement === "always");
}

function otherOf(world: Pick<GuardWorld, "store" | "machines">, { identity, otherIp }: PodPassage): Traffic["other"] {
  const member = identity ? memberOf(world.store, identity) : null;
  return { ip: otherIp, member, hasRange: member === null && !isNode(world, otherIp) };
}

function reason({ direction, pod: { metadata } }: PodPassage): string {
  return `Policy denied (${direction.toLowerCase()}) at ${metadata.namespace ?? "default"}/${metadata.name}`;
}

function isEndpoint({ machine, pod }: PodPassage): boolean {
  return machine.links.has(sandboxLink("lxc", pod.status?.podIP ?? ""));
}

/** Identity `host`: the node itself, and whatever comes with an address of its own. */
function isFromHost({ machine, otherIp: ip, isOwnHost }: PodPassage): boolean {
  if (isOwnHost || machine.ip === ip) return true;
  return [...machine.links.values()].some(({ address }) => address !== null && bareAddress(address) === ip);
}

/** Identity `remote-node`: the addresses that CiliumNode objects name. */
function isNode({ machines }: Pick<GuardWorld, "machines">, ip: string): boolean {
  return [...machines.values()].some((machine) => machine.ip === ip || datapathOf(machine)?.routerIp === ip);
}
