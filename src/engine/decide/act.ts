import type { Consent, RollbackRunStepId, RunStepId } from "../model/plan-types.ts";
import type { Reason } from "../model/reason.ts";

/** As much of a node as the decision looks at; a node that is not in the map is not in the cluster. */
interface NodeView {
  readonly ready: boolean;
}

export type View = ReadonlyMap<string, NodeView>;

/** The one thing to do now. */
export type Act =
  | { readonly do: "run-step"; readonly step: RunStepId | RollbackRunStepId }
  | { readonly do: "move-node"; readonly node: string }
  | { readonly do: "rollback-node"; readonly node: string }
  /** It is to be taken back and is not Ready: the run goes on with the others until it is. */
  | { readonly do: "defer-node"; readonly node: string }
  /** The step at which the node failed is begun again without a person; `retry` counts from 1. */
  | { readonly do: "retry-node"; readonly node: string; readonly retry: number }
  | { readonly do: "ask"; readonly consent: Consent }
  /** The pause that was asked for takes hold here. */
  | { readonly do: "stand-still" }
  | { readonly do: "wait"; readonly reason: Reason }
  | { readonly do: "finish"; readonly outcome: "migrated" | "rolled-back" };

export const wait = (reason: Reason): Act => ({ do: "wait", reason });
