import type { NodeFacts } from "../facts.ts";
import type { RebootMethod } from "../plan-types.ts";

export interface Rebooter {
  /** Asks for the reboot and returns; whether it happened is observed (bootID, Ready). */
  reboot(node: NodeFacts, method: RebootMethod, signal: AbortSignal): Promise<void>;
  /** Removes helper pods of ours on this node, if any. */
  tidy(node: string): Promise<void>;
}
