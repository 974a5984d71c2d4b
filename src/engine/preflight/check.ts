import type { CheckResult } from "../model/check-result.ts";
import type { ClusterFacts } from "../model/facts.ts";
import type { CiliumTarget, OutsideNode, SourceFacts } from "../model/plan-types.ts";
import type { PlanInput } from "../plan/plan-input.ts";

/** What every check may look at. */
export interface CheckInput {
  /** The whole cluster: for questions about networks, addresses and the API. */
  readonly facts: ClusterFacts;
  /** Without nodes that take no part (virtual ones, and those that the source does not serve) and the pods on them. */
  readonly members: ClusterFacts;
  /** Without excluded nodes too: for questions about moving a node, its pods and their budgets. */
  readonly moving: ClusterFacts;
  readonly outside: readonly OutsideNode[];
  readonly source: SourceFacts;
  /** Annotations by which the source writes a node's address once more. */
  readonly addressAnnotations: readonly string[];
  readonly target: CiliumTarget;
  readonly options: PlanInput;
}

/** What a check found; its id and title are added by the list. */
export type Finding = Pick<CheckResult, "level" | "message" | "remedy" | "objects">;

/** One question of preflight. Pure: it looks at facts and touches nothing. */
export interface Check {
  /** Recorded, never renamed. */
  readonly id: string;
  readonly title: string;
  /** Where time or an operator may clear its blocker, which a person may then accept by name: what that means for the run. */
  readonly acceptable?: string;
  readonly check: (input: CheckInput) => Finding;
}

export function ok(message: string, objects: readonly string[] = []): Finding {
  return { level: "ok", message, remedy: "", objects };
}

export function warning(message: string, remedy: string, objects: readonly string[] = []): Finding {
  return { level: "warning", message, remedy, objects };
}

export function blocker(message: string, remedy: string, objects: readonly string[] = []): Finding {
  return { level: "blocker", message, remedy, objects };
}
