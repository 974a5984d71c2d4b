import type { CheckResult } from "../model/check-result.ts";
import type { ObjectRef } from "../model/cluster/object-ref.ts";
import type { ClusterFacts } from "../model/facts.ts";
import type { CiliumTarget, OutsideNode, SourceFacts } from "../model/plan-types.ts";
import { type ParamsOf, type Reason, reason } from "../model/reason.ts";
import type { CheckId, findings } from "../model/reasons/findings.ts";
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
  /** Its objects, which go with it. */
  readonly ofSource: readonly ObjectRef[];
  readonly target: CiliumTarget;
  readonly options: PlanInput;
  /** How long two networks will stand side by side, by the plan's estimate, without the time that people take to consent. */
  readonly hybridMs: number;
}

/** What a check found; its id is added by the list. */
export type Finding = Pick<CheckResult, "level" | "reason" | "objects">;

/** A code with its facts, and the objects that it is about. */
type Told<C extends FindingCode> = readonly [code: C, params: ParamsOf[C], objects?: readonly string[]];

/** One question of preflight. Pure: it looks at facts and touches nothing. */
export interface Check {
  readonly id: CheckId;
  /** Time or an operator may clear its blocker, which a person may then accept by name. */
  readonly acceptable?: true;
  readonly check: (input: CheckInput) => Finding;
}

type FindingCode = keyof typeof findings;

const finding = <C extends FindingCode>(level: CheckResult["level"], code: C, params: ParamsOf[C]) =>
  ({ level, reason: reason(code, params, { clearedBy: "person" }) as Reason }) as const;

/** All is well; with a code where a fact of it is to be told. */
export function ok<C extends FindingCode>(...told: readonly [] | Told<C>): Finding {
  if (told.length === 0) return { level: "ok", reason: null, objects: [] };
  const [code, params, objects = []] = told;
  return { ...finding("ok", code, params), objects };
}

export function warning<C extends FindingCode>(...[code, params, objects = []]: Told<C>): Finding {
  return { ...finding("warning", code, params), objects };
}

export function blocker<C extends FindingCode>(...[code, params, objects = []]: Told<C>): Finding {
  return { ...finding("blocker", code, params), objects };
}

/** How many there are, and the first of them: a result names the rest in its objects. */
export const some = (lines: readonly string[], most = 3) => ({ count: lines.length, first: lines.slice(0, most) });

/** The first of them, and how many more there are. */
export const few = (lines: readonly string[], most = 3) => ({
  first: lines.slice(0, most),
  more: Math.max(0, lines.length - most),
});
