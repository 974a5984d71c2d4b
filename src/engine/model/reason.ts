import type { ObjectRef } from "./cluster/object-ref.ts";
import { endings } from "./reasons/endings.ts";
import type { FailureCode } from "./reasons/failure-code.ts";
import { failures } from "./reasons/failures.ts";
import { findings } from "./reasons/findings.ts";
import type { CodeParams, ParamKind } from "./reasons/param-kind.ts";
import { refusals } from "./reasons/refusals.ts";
import { sourceWaits } from "./reasons/source-waits.ts";
import type { StartTrouble } from "./reasons/start-trouble.ts";
import { waits } from "./reasons/waits.ts";

/**
 * Every code with the facts that belong to it. Codes and names of facts are recorded and printed by `--json`: never rename
 * one, and never give one another meaning.
 */
export const reasonParams = {
  // What a drain waits for: `more` pods are in the same case; `silent` is the node, where its kubelet is.
  /** `pods`: the first of them. */
  "pods-leaving": { count: "number", pods: "texts" },
  "pod-unseen": { namespace: "text", pod: "text", node: "text", more: "number" },
  "pod-kept-by-finalizer": { namespace: "text", pod: "text", finalizers: "texts", more: "number" },
  "pod-overdue": { namespace: "text", pod: "text", node: "text", graceSeconds: "number", more: "number" },
  "pdb-blocks": { namespace: "text", pod: "text", budgets: "budgets", more: "number", silent: "text?" },
  "eviction-blocked": { namespace: "text", pod: "text", said: "text", more: "number", silent: "text?" },
  "eviction-refused": {
    namespace: "text",
    pod: "text",
    said: "text",
    remedy: "text",
    more: "number",
    silent: "text?",
  },
  "eviction-denied": { namespace: "text", pod: "text", by: "text", said: "text", more: "number", silent: "text?" },
  "eviction-webhook-down": {
    namespace: "text",
    pod: "text",
    by: "text",
    said: "text",
    more: "number",
    silent: "text?",
  },
  "eviction-throttled": { namespace: "text", pod: "text", more: "number", silent: "text?" },
  "eviction-unanswered": { namespace: "text", pod: "text", said: "text", more: "number", silent: "text?" },

  // What steps wait for.
  "reboot-by-hand": { node: "text" },
  soak: { until: "time" },
  /** `since` is null where it is not known. */
  "kubelet-silent": { node: "text", since: "time?" },
  /** `why`: what its Ready condition says, "" for nothing. */
  "node-unready": { node: "text", why: "text" },

  // The cluster could not be asked, or refused a write.
  "api-unavailable": { detail: "text" },
  unavailable: { detail: "text", endedBy: "text" },
  "no-credentials": { failure: "failed" },
  "admission-denied": { by: "text", said: "text" },
  "admission-unavailable": { by: "text", said: "text" },

  // What the decision finds.
  "run-paused": {},
  "pause-takes-hold": {},
  "preflight-blocked": { finding: "reason", more: "number" },
  "run-step-failed": { step: "text", failure: "failed" },
  "node-failed": { node: "text", step: "text", failure: "failed" },
  "rollback-failed": { node: "text", step: "text", failure: "failed" },
  /** `maxFailures` is null where the plan stops at the first one. */
  "failed-node-rolled-back": { node: "text", step: "text", failure: "failed", maxFailures: "number?" },
  "nodes-not-ready": { nodes: "texts", more: "number" },
  "nodes-deferred": { nodes: "texts", more: "number" },
  /** `failed`: those of them that failed, each with its step. */
  "nodes-not-migrated": { nodes: "texts", more: "number", failed: "texts" },
  /** `restorable`: a migrated node at its ends. */
  "traffic-broken": {
    between: "text",
    since: "time",
    during: "text",
    error: "text",
    more: "number",
    restorable: "text?",
  },
  consent: { consent: "text" },

  // Why one node is not worked on.
  "node-excluded": { node: "text" },
  "node-rolled-back": { node: "text", failedAt: "text?" },
  "node-not-ready": { node: "text" },
  "node-deferred": { node: "text" },
  "turn-after": { node: "text" },
  "retry-first": { node: "text" },
  "rollback-first": { node: "text" },
  "deferred-first": { node: "text" },
  "run-step-first": { step: "text" },
  "run-ends": {},

  ...sourceWaits,
  ...waits,
  ...refusals,
  ...endings,
  ...failures,
  ...findings,
} as const satisfies CodeParams;

/** A failure as plain data: what is recorded on a node, journalled and shown. */
export interface Failure {
  readonly code: FailureCode | "BUG";
  readonly reason: Reason;
}

/** What a PodDisruptionBudget allows, of how many pods. */
export interface BudgetCount {
  readonly name: string;
  readonly allowed: number;
  readonly pods: number;
  /** Healthy ones that it asks for, and that there are. */
  readonly needs: number;
  readonly has: number;
}

/** A pod that keeps its node from being drained. */
export interface Undrainable {
  /** namespace/name. */
  readonly pod: string;
  readonly why: "emptydir" | "no-controller" | "daemonset-gone";
  /** Its emptyDirs. */
  readonly volumes: readonly string[];
}

/** One of several CNIs that a cluster runs. */
export interface FoundCni {
  readonly name: string;
  /** namespace/name. */
  readonly daemonSets: readonly string[];
  /** The first of the nodes that it serves, and how many more there are. */
  readonly nodes: readonly string[];
  readonly more: number;
}

/** What a fact of each kind is. */
export interface ValueOf {
  readonly text: string;
  readonly "text?": string | null;
  readonly texts: readonly string[];
  readonly number: number;
  readonly "number?": number | null;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly "time?": number | null;
  readonly failed: Failure;
  readonly undrainable: readonly Undrainable[];
  readonly cnis: readonly FoundCni[];
  readonly reason: Reason;
  readonly budgets: readonly BudgetCount[];
  readonly "trouble?": StartTrouble | null;
}

type Kinds = typeof reasonParams;

/** A word for why something waits, failed or was refused: stable, in `--json`. */
export type Code = keyof Kinds;

export type ParamsOf = {
  readonly [C in Code]: { readonly [P in keyof Kinds[C]]: ValueOf[Kinds[C][P] & ParamKind] };
};

/** What stands in the way. */
export type InTheWay = Omit<ObjectRef, "apiVersion">;

/** Who or what ends it. A step's time does not run while a person is waited for. */
export const clearedBys = ["cluster", "time", "person"] as const;
export type ClearedBy = (typeof clearedBys)[number];

/** What a person may ask of a run: the requests by their names. */
export const requestKinds = [
  "pause",
  "resume",
  "consent",
  "agree",
  "exclude",
  "include",
  "retry",
  "skip",
  "rollback",
  "rollback-all",
  "rebooted",
  "when-left",
  "release-run",
  "stop",
] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Why something waits, failed or was refused, as data: `src/words` says it to a person. */
export type Reason<C extends Code = Code> = {
  readonly [K in C]: {
    readonly code: K;
    readonly params: ParamsOf[K];
    readonly object: InTheWay | null;
    readonly clearedBy: ClearedBy;
    /** What a person may ask for to get on. */
    readonly actions: readonly RequestKind[];
  };
}[C];

/** What a reason may have beside its facts. */
export type Rest = Partial<Pick<Reason, "object" | "clearedBy" | "actions">>;

/** A reason; unless said otherwise no single object is in the way, the cluster clears it, and nothing needs to be asked for. */
export function reason<C extends Code>(code: C, params: ParamsOf[C], rest: Rest = {}): Reason<C> {
  return { code, params, object: null, clearedBy: "cluster", actions: [], ...rest } as Reason<C>;
}

/** What a person may ask for where a step of a node failed. */
export const againOrBack: Rest = { clearedBy: "person", actions: ["retry", "rollback"] };

/** What a person may ask for where a step of the run failed. */
export const againOrAllBack: Rest = { clearedBy: "person", actions: ["retry", "rollback-all"] };

/** A reason is told four times a second and published on the cluster: of thousands of nodes it names so many. */
const mostNamed = 20;

/** The first of these, and how many more there are. */
export const firstOf = (all: readonly string[]): readonly [first: readonly string[], more: number] => [
  all.slice(0, mostNamed),
  Math.max(0, all.length - mostNamed),
];

/** The first of these nodes, and how many more there are. */
export function named(all: readonly string[]): { readonly nodes: readonly string[]; readonly more: number } {
  const [nodes, more] = firstOf(all);
  return { nodes, more };
}

export const needsPerson = ({ clearedBy }: Pick<Reason, "clearedBy">): boolean => clearedBy === "person";

/** A reference to what stands in the way; without a namespace where its kind has none. */
export const inTheWay = (kind: string, name: string, namespace: string | null = null): InTheWay => ({
  kind,
  namespace,
  name,
});

export const theNode = (name: string): InTheWay => inTheWay("Node", name);

export const thePod = (pod: { readonly namespace: string; readonly name: string }): InTheWay =>
  inTheWay("Pod", pod.name, pod.namespace);
