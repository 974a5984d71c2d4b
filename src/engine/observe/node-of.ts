import { CrossfadeError } from "../model/errors.ts";
import type { NodeFacts } from "../model/facts.ts";
import { reason } from "../model/reason.ts";
import type { NodeScope } from "../model/step.ts";

/** The node, or NODE_GONE: somebody took it out of the cluster under us. */
export async function nodeOf({ ports, node }: Pick<NodeScope, "ports" | "node">): Promise<NodeFacts> {
  const facts = await ports.nodes.get(node);
  if (facts) return facts;
  throw new CrossfadeError("NODE_GONE", reason("node-gone", { node }));
}
