import { bareAddress, ipNumber } from "../../network/cidr.ts";
import { type Guard, type GuardWorld, memberOf, type PodPassage } from "../../network/policy/guard.ts";
import { type NetworkPolicyObject, verdict } from "../../network/policy/kubernetes-policy.ts";
import type { Traffic } from "../../network/policy/traffic.ts";
import type { KubeObject } from "../../objects.ts";
import { sandboxLink } from "../sandbox-link.ts";
import { datapathOf } from "./datapath.ts";
import { type Entity, ownVerdict } from "./policies/own-policies.ts";
import { type Refusal, tellRefusal } from "./verdict-log.ts";

/**
 * Cilium at its own endpoints: by identity, and only as the agent was told when it started. The node's own host is always let
 * in; ranges of addresses are compared only with what is no pod of Cilium's and no node.
 */
export function ciliumGuard(world: GuardWorld): Guard {
  return {
    pod(passage) {
      if (!isHeld(world, passage)) return null;
      const audits = datapathOf(passage.machine)?.audits === true;
      tellRefusal(passage.machine, refusalOf(world, passage, audits ? "audit" : "deny"));
      return audits ? null : reason(passage);
    },
  };
}

/** A client's port, and an endpoint's number: always the same of the same pod. */
const numberOf = (ip: string, least: number, span: number) => least + (ipNumber(ip) % span);

const reserved = { host: 1, world: 2, remoteNode: 6 } as const;

function otherIdentity(world: GuardWorld, passage: PodPassage): number {
  const { identity, otherIp } = passage;
  if (identity === null) {
    if (isFromHost(passage)) return reserved.host;
    return isNode(world, otherIp) ? reserved.remoteNode : reserved.world;
  }
  const { namespace = "default", name } = identity.metadata;
  const endpoint = world.store.get<EndpointObject>("cilium.io/ciliumendpoints", namespace, name);
  return endpoint?.status?.identity?.id ?? 0;
}

interface EndpointObject extends KubeObject {
  readonly status?: { readonly identity?: { readonly id?: number } };
}

function refusalOf(world: GuardWorld, passage: PodPassage, action: Refusal["action"]): Refusal {
  const { direction, protocol, port, otherIp, pod } = passage;
  const own = pod.status?.podIP ?? "";
  const [client, server] = direction === "Ingress" ? [otherIp, own] : [own, otherIp];
  return {
    direction: direction === "Ingress" ? "ingress" : "egress",
    action,
    endpoint: numberOf(own, 10, 4_000),
    otherIdentity: otherIdentity(world, passage),
    protocol,
    from: `${client}:${numberOf(client, 32_768, 28_000)}`,
    to: `${server}:${port}`,
  };
}

function isHeld(world: GuardWorld, passage: PodPassage): boolean {
  const { machine, pod, direction } = passage;
  const enforcement = datapathOf(machine)?.enforcement ?? "never";
  if (enforcement === "never" || !isEndpoint(passage)) return false;
  const rules = world.policies.of(pod.metadata.namespace ?? "default");
  return !(direction === "Ingress" && isFromHost(passage)) && isDenied(world, rules, passage, enforcement);
}

function isDenied(
  world: GuardWorld,
  rules: readonly NetworkPolicyObject[],
  passage: PodPassage,
  enforcement: string,
): boolean {
  const member = memberOf(world.store, passage.pod);
  const traffic = { ...passage, other: otherOf(world, passage) };
  const said = [
    verdict(rules, member, traffic),
    ownVerdict(world.store, member, { traffic, entity: entityOf(world, passage) }),
  ];
  if (said.includes("refused")) return true;
  if (said.includes("allowed")) return false;
  return said.includes("denied") || enforcement === "always";
}

/** Who the other end is where it is no pod. */
function entityOf(world: GuardWorld, passage: PodPassage): Entity {
  if (isFromHost(passage)) return "host";
  return isNode(world, passage.otherIp) ? "remote-node" : "world";
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
