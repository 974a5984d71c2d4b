import {
  type Guard,
  type GuardWorld,
  type HostPassage,
  memberOf,
  type PodPassage,
} from "../../../network/policy/guard.ts";
import { allows, guards } from "../../../network/policy/kubernetes-policy.ts";
import type { Direction, Traffic } from "../../../network/policy/traffic.ts";
import type { KubeObject, Store } from "../../../objects.ts";
import { sandboxLink } from "../../sandbox-link.ts";
import { hostVerdict } from "./host-endpoints.ts";
import { type Action, firstMatch, hasDirection, type OrderedPolicyObject, selectsPod } from "./ordered-policy.ts";

const group = "crd.projectcalico.org";

/** Where Felix puts Kubernetes' own policies among Calico's. */
const kubernetesOrder = 1_000;

interface Ranked {
  readonly order: number;
  readonly name: string;
  act(traffic: Traffic): Action | null;
}

/**
 * Felix at Calico's wires: by the source's address. Its sets count the pods of the whole cluster, Cilium's too, so that a packet
 * that was masqueraded on its way is a stranger's. It holds what it was told for as long as its chains are there.
 */
export function felixGuard(world: GuardWorld): Guard {
  const own = new OwnPolicies(world.store);
  return {
    pod: (passage) => (isGuarded(world, own, passage) && denies(world, own, passage) ? reason(passage) : null),
    host: (passage) =>
      isOwnTunnel(passage)
        ? strangersTunnel(passage)
        : hostVerdict({ store: world.store, policies: own.global }, passage),
  };
}

function isGuarded({ policies }: GuardWorld, own: OwnPolicies, passage: PodPassage): boolean {
  const { machine, pod, direction } = passage;
  if (!machine.chains.has("filter/cali-FORWARD") || !isWorkload(passage)) return false;
  if (direction === "Ingress" && passage.isOwnHost) return false;
  return !own.isEmpty || policies.of(pod.metadata.namespace ?? "default").length > 0;
}

function reason({ direction, pod: { metadata, status } }: PodPassage): string {
  const chain = `cali-${direction === "Ingress" ? "tw" : "fw"}-${sandboxLink("cali", status?.podIP ?? "")}`;
  return `${chain} drops packets of ${metadata.namespace ?? "default"}/${metadata.name}`;
}

function isWorkload({ machine, pod }: PodPassage): boolean {
  return machine.links.has(sandboxLink("cali", pod.status?.podIP ?? ""));
}

/** The first policy with an opinion counts; a pod of which some speak is closed to what none allows. */
function denies(world: GuardWorld, own: OwnPolicies, passage: PodPassage): boolean {
  const policies = ranked(world, own, passage);
  const traffic = trafficOf(world, passage);
  const found = policies.map((policy) => policy.act(traffic)).find((action) => action !== null);
  return policies.length > 0 && (found === undefined || found === "Deny");
}

function ranked({ store, policies }: GuardWorld, own: OwnPolicies, { pod, direction }: PodPassage): readonly Ranked[] {
  const member = memberOf(store, pod);
  const kubernetes = policies
    .of(member.namespace)
    .filter((policy) => guards(policy, member, direction))
    .map(
      (policy): Ranked => ({
        order: kubernetesOrder,
        name: `knp.default.${policy.metadata.name}`,
        act: (traffic) => (allows(policy, traffic) ? "Allow" : null),
      }),
    );
  const ordered = own
    .all()
    .filter((policy) => hasDirection(policy, direction) && selectsPod(policy, member))
    .map(rankedOf);
  return [...kubernetes, ...ordered].sort(byRank);
}

function rankedOf(policy: OrderedPolicyObject): Ranked {
  const { order = Number.POSITIVE_INFINITY } = policy.spec;
  return { order, name: policy.metadata.name, act: (traffic) => firstMatch(policy, traffic) };
}

const byRank = (a: Ranked, b: Ranked) => (a.order === b.order ? (a.name < b.name ? -1 : 1) : a.order - b.order);

function trafficOf({ store, directory }: GuardWorld, passage: PodPassage): Traffic {
  const { direction, protocol, port, otherIp, receiver } = passage;
  const known = directory.pod(otherIp);
  const other = { ip: otherIp, member: known ? memberOf(store, known) : null, hasRange: true };
  return { direction, protocol, port, other, receiver };
}

const tunnelHosts = "cali40all-vxlan-net";

/** cali-INPUT decides of the tunnels' packets before any host policy is asked. */
function isOwnTunnel({ machine, protocol, port }: HostPassage): boolean {
  if (protocol === "ipip") return true;
  const isTheirs = (rule: string) => rule.includes(`${tunnelHosts} src`) && rule.split(" ").includes(String(port));
  return protocol === "udp" && (machine.chains.get("filter/cali-INPUT") ?? []).some(isTheirs);
}

/** It takes them only from hosts in its set. */
function strangersTunnel({ machine: { ipsets, name }, from, protocol, port }: HostPassage): string | null {
  const hosts = ipsets.get(tunnelHosts);
  if (protocol === "ipip" || !hosts || hosts.has(from)) return null;
  return `cali-INPUT on ${name} drops UDP ${port} from ${from}, an unknown host`;
}

/** Calico's own policies in the API, kept as they come and go. */
class OwnPolicies {
  readonly #byKind: Readonly<Record<"global" | "namespaced", Map<string, OrderedPolicyObject>>> = {
    global: new Map(),
    namespaced: new Map(),
  };

  constructor(store: Store) {
    for (const [kind, plural] of [
      ["global", "globalnetworkpolicies"],
      ["namespaced", "networkpolicies"],
    ] as const)
      store.subscribe<KubeObject>(`${group}/${plural}`, ({ type, object }) => {
        const key = `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
        if (type === "DELETED") this.#byKind[kind].delete(key);
        else this.#byKind[kind].set(key, object as OrderedPolicyObject);
      });
  }

  get isEmpty(): boolean {
    return this.#byKind.global.size + this.#byKind.namespaced.size === 0;
  }

  readonly global = (direction: Direction): readonly OrderedPolicyObject[] =>
    [...this.#byKind.global.values()]
      .filter((policy) => hasDirection(policy, direction))
      .sort((a, b) => byRank(rankedOf(a), rankedOf(b)));

  all(): readonly OrderedPolicyObject[] {
    return [...this.#byKind.global.values(), ...this.#byKind.namespaced.values()];
  }
}
