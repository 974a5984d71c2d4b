import { podLabel } from "../drain/judge.ts";
import type { HostLeftovers, HostRoute } from "../model/cluster/leftovers.ts";
import type { NodeFacts, PodFacts } from "../model/facts.ts";
import type { SourceFacts } from "../model/plan-types.ts";
import { contains, covers, parseCidr } from "../net/cidr.ts";

/** What decides whose it is that was found on a node. */
export interface Surroundings {
  readonly source: Pick<SourceFacts, "podCidrs" | "plugins">;
  /** Pods of this node, by a fresh look. */
  readonly pods: readonly PodFacts[];
  readonly nodes: readonly NodeFacts[];
}

export interface Judged {
  readonly remove: HostLeftovers;
  /** What is there and is left alone, each with why. */
  readonly stays: readonly string[];
}

/**
 * A route of the source leads by way of another node to a part of its range. One to all of the range is an
 * administrator's, and so is one by way of a router.
 */
function isSourceRoute({ to, via }: HostRoute, { source, nodes }: Surroundings): boolean {
  const target = parseCidr(to);
  const ranges = source.podCidrs.map(parseCidr).filter((range) => range !== null);
  if (!target || !ranges.some((range) => covers(range, target) && target.prefix > range.prefix)) return false;
  return nodes.some(({ internalIps, podCidrs }) => internalIps.includes(via) || podCidrs.includes(to));
}

/** One within the source's ranges: the adapter has told those that its daemon wrote from an administrator's, by their protocol. */
function isSourceBlackhole(to: string, { source }: Surroundings): boolean {
  const target = parseCidr(to);
  const ranges = source.podCidrs.map(parseCidr).filter((range) => range !== null);
  return target !== null && ranges.some((range) => covers(range, target));
}

/** A pod that has ended holds no address, whatever its status still says. */
function usersOf({ source, pods }: Surroundings): ReadonlyMap<string, PodFacts> {
  const alive = pods.filter(({ phase, hostNetwork }) => !hostNetwork && phase !== "Succeeded" && phase !== "Failed");
  return new Map(
    alive.flatMap((pod) =>
      pod.ips.filter((ip) => source.podCidrs.some((cidr) => contains(cidr, ip))).map((ip) => [ip, pod] as const),
    ),
  );
}

/** Tells what of the found is the source's and of no use to anybody, from what must stay. */
export function judgeLeftovers(found: HostLeftovers, around: Surroundings): Judged {
  const users = usersOf(around);
  const reserved = found.reserved.filter((address) => !users.has(address));
  const stays = found.reserved.flatMap((address) => {
    const pod = users.get(address);
    return pod ? [`reserved address ${address}: Pod ${podLabel(pod)} has it`] : [];
  });
  const [user] = users.values();
  // Its sandbox is torn down by the plugin, with what the plugin kept of it.
  const needed = user === undefined ? null : `Pod ${podLabel(user)} has an old address, and is torn down with it`;
  const kept = found.paths.flatMap((path): readonly (readonly [path: string, why: string])[] => {
    if (needed !== null) return [[path, needed]];
    const isPlugin = path.startsWith("/opt/");
    return isPlugin && !around.source.plugins.includes(path)
      ? [[path, "no container of the old CNI put it there"]]
      : [];
  });
  return {
    remove: {
      ...found,
      routes: found.routes.filter((route) => isSourceRoute(route, around)),
      blackholes: found.blackholes.filter((to) => isSourceBlackhole(to, around)),
      reserved,
      paths: found.paths.filter((path) => !kept.some(([one]) => one === path)),
    },
    stays: [...stays, ...kept.map(([path, why]) => `${path}: ${why}`)],
  };
}
