import type { NodeFacts } from "../../../model/facts.ts";
import { type Observation, waiting } from "../../../model/observation.ts";
import type { Ports } from "../../../model/ports/ports.ts";
import { firstOf } from "../../../model/reason.ts";

/** Where calico-node writes the address by which the others reach its node. */
const addressAnnotation = "projectcalico.org/IPv4Address";

const addressOf = ({ annotations }: NodeFacts): string => annotations[addressAnnotation]?.split("/")[0] ?? "";

/** Nodes of the run whose address is not one of their own, and any other that Calico serves. */
function wrong(nodes: readonly NodeFacts[], taking: readonly string[]): readonly string[] {
  return nodes
    .filter((node) => taking.includes(node.name) || annotated(node))
    .filter((node) => !node.internalIps.includes(addressOf(node)))
    .map((node) => `${node.name}: ${addressOf(node) || "none"} for ${node.internalIps.join(", ") || "no InternalIP"}`);
}

const annotated = ({ annotations }: NodeFacts): boolean => annotations[addressAnnotation] !== undefined;

/** Waits where a node would be sought at another address than its own: all traffic of the old network between nodes is lost then. */
export async function wrongAddresses(ports: Ports, taking: readonly string[]): Promise<Observation | null> {
  const found = wrong(await ports.nodes.list(), taking);
  if (found.length === 0) return null;
  const [first, more] = firstOf(found);
  return waiting("node-addresses-wrong", { annotation: addressAnnotation, nodes: first, more });
}
