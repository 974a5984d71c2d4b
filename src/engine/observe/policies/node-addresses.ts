import type { Ports } from "../../model/ports/ports.ts";

/** Name of the node by each address that it has: its own, and the one that Cilium gave it. */
export async function nodesByAddress({
  nodes,
  cilium,
}: Pick<Ports, "nodes" | "cilium">): Promise<ReadonlyMap<string, string>> {
  const [all, ofCilium] = await Promise.all([nodes.list(), cilium.nodes()]);
  return new Map([
    ...all.flatMap(({ name, internalIps }) => internalIps.map((ip) => [ip, name] as const)),
    ...ofCilium.flatMap(({ name, ciliumInternalIps }) => ciliumInternalIps.map((ip) => [ip, name] as const)),
  ]);
}
