import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Node } from "../kinds.ts";
import { workQueue } from "../queue.ts";

/** kube-controller-manager's --node-cidr-mask-size. */
const maskSize = 24;

/** The same for all, so that blocks go in the order of registration. */
const latencyMs = [2, 2] as const;

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Gives every node a /24 of the cluster's CIDR; the service CIDR's part is left out. IPv4 only. */
export function startNodeIpam(plane: ControlPlane, clusterCidr: string, serviceCidr: string): Stop {
  const { store } = plane;
  const pool = cidrPool(clusterCidr, serviceCidr);
  const queue = workQueue({ ...plane, latencyMs }, (name) => {
    const node = store.get<Node>("nodes", null, name);
    if (!node || node.spec?.podCIDR) return;
    const podCIDR = pool.take();
    if (!podCIDR) {
      const message = `Node ${name} status is now: CIDRNotAvailable`;
      plane.events.record(node, { type: "Normal", reason: "CIDRNotAvailable", message, source: "cidrAllocator" });
      return;
    }
    const edit = (copy: Node) => {
      copy.spec = { ...copy.spec, podCIDR, podCIDRs: [podCIDR] };
    };
    store.change<Node>("nodes", null, name, edit, { manager: "kube-controller-manager" });
  });
  const retry = () => {
    for (const { metadata, spec } of store.list<Node>("nodes")) if (!spec?.podCIDR) queue.add(metadata.name);
  };
  return stopAll([
    store.subscribe<Node>("nodes", ({ type, object }) => {
      const podCIDR = object.spec?.podCIDR;
      if (type === "ADDED" && podCIDR) pool.occupy(podCIDR);
      else if (type === "ADDED") queue.add(object.metadata.name);
      else if (type === "DELETED" && podCIDR) {
        pool.release(podCIDR);
        retry();
      }
    }),
    queue.stop,
  ]);
}

/** Blocks of one size out of a range, handed out in turn: what was given back comes again only after a full round. */
export interface CidrPool {
  take(): string | null;
  occupy(cidr: string): void;
  release(cidr: string): void;
}

/** Throws where the cluster's CIDR has no room for a single block. */
export function cidrPool(clusterCidr: string, serviceCidr: string): CidrPool {
  const cluster = rangeOf(clusterCidr);
  const service = rangeOf(serviceCidr);
  const size = 2 ** (32 - maskSize);
  const count = Math.floor((cluster.last - cluster.first + 1) / size);
  if (count < 1)
    throw new Error(`The cluster CIDR ${clusterCidr} is smaller than one node's /${maskSize}: give a larger one.`);
  const taken = new Set<number>();
  const place = (cidr: string) => Math.floor((rangeOf(cidr).first - cluster.first) / size);
  const isFree = (index: number) => {
    const first = cluster.first + index * size;
    return !taken.has(index) && (first > service.last || first + size - 1 < service.first);
  };
  let next = 0;
  return {
    take() {
      for (let step = 0; step < count; step += 1) {
        const index = (next + step) % count;
        if (!isFree(index)) continue;
        taken.add(index);
        next = (index + 1) % count;
        return `${dotted(cluster.first + index * size)}/${maskSize}`;
      }
      return null;
    },
    occupy: (cidr) => void taken.add(place(cidr)),
    release: (cidr) => void taken.delete(place(cidr)),
  };
}

function rangeOf(cidr: string): Range {
  const [, address = "", mask = ""] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  if (!address || Number(mask) > 32) throw new Error(`${cidr} is no IPv4 CIDR: the lab's clusters have IPv4 only.`);
  const size = 2 ** (32 - Number(mask));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
