import type { ObjectRef } from "../model/cluster/object-ref.ts";
import type { NodeFacts } from "../model/facts.ts";

/** On each node from when its turn comes until all have had theirs: what a second engine goes on by. */
export const restartMark = "crossfade/restart-round";

/** What a node was before it was restarted once more. */
export interface RestartMark {
  /** Its boot ID then: another one says that it was restarted. */
  readonly bootId: string;
  /** It stays cordoned, for somebody else had cordoned it. */
  readonly cordoned: boolean;
  /** When a command to restart it was given, by the cluster's clock as the engine knows it; null before. */
  readonly askedAt: number | null;
}

export const nodeRef = (name: string): ObjectRef => ({ apiVersion: "v1", kind: "Node", namespace: null, name });

/** Null where there is none, or one that nobody of ours wrote. */
export function markOf({ annotations }: Pick<NodeFacts, "annotations">): RestartMark | null {
  const text = annotations[restartMark];
  if (text === undefined) return null;
  try {
    const { bootId, cordoned, askedAt } = JSON.parse(text) as Partial<RestartMark>;
    if (typeof bootId !== "string" || typeof cordoned !== "boolean") return null;
    return { bootId, cordoned, askedAt: typeof askedAt === "number" ? askedAt : null };
  } catch {
    return null;
  }
}

/** What the round does next with a node, by nothing but what is seen of it. */
export type Turn = "mark" | "cordon" | "drain" | "restart" | "return" | "uncordon" | "over";

export function turnOf(node: NodeFacts, podsToMove: number): Turn {
  const mark = markOf(node);
  if (mark === null) return "mark";
  if (mark.bootId === node.bootId) {
    if (!node.cordoned) return "cordon";
    return podsToMove > 0 ? "drain" : "restart";
  }
  if (!node.ready) return "return";
  return node.cordoned && !mark.cordoned ? "uncordon" : "over";
}
