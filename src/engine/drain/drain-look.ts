import type { NodeScope } from "../model/step.ts";
import { nodeOf } from "../observe/node-of.ts";
import type { DrainLook } from "./stopping.ts";

/** When it is and whether the node's kubelet speaks, for whoever waits for its pods to go. */
export async function drainLook(scope: Pick<NodeScope, "ports" | "node">): Promise<DrainLook> {
  const { name, ready } = await nodeOf(scope);
  return { now: scope.ports.clock.now(), node: name, ready };
}
