import type { RollbackSourceStepId, SourceStepId } from "./plan/source-steps.ts";
import type { Failure } from "./reason.ts";

/** The steps of a node's migration, in order; recorded on the cluster, never renamed. Types, record schema and titles follow. */
export const nodeSteps = [
  "precheck",
  "cordon",
  "drain",
  "enable-cilium",
  "restart-agent",
  "reboot",
  "wait-ready",
  "recycle-pods",
  "verify",
  "uncordon",
  "soak",
] as const;
/** One of these, or of the source's own. */
export type StepId = (typeof nodeSteps)[number] | SourceStepId;

/** The way back of one node (Cilium documents none; derived from how agents take over and let go). */
export const rollbackNodeSteps = [
  "rollback-cordon",
  "rollback-drain",
  "rollback-label",
  "rollback-agent",
  "rollback-files",
  "rollback-source",
  "rollback-recycle",
  "rollback-verify",
  "rollback-uncordon",
] as const;
export type RollbackStepId = (typeof rollbackNodeSteps)[number] | RollbackSourceStepId;

/** The node as it was before we touched it: undo restores this, never a default. */
export interface Before {
  readonly at: number;
  readonly cordoned: boolean;
  readonly bootId: string;
  /** Its first InternalIP. */
  readonly address?: string;
  /** Names of the CNI configuration files. */
  readonly cniFiles: readonly string[];
  /** uid of the cilium agent's pod that ran before the hand-over. */
  readonly agentUid: string;
  /** How often that pod's containers had been started again by then. */
  readonly agentRestarts?: number;
  /** The pod that a step of the way back replaces, written before it is deleted. */
  readonly outgoing?: { readonly step: RollbackStepId; readonly uid: string; readonly at: number };
  /** namespace/name of DaemonSets whose pod on the node was not Ready: left out where all were. */
  readonly daemonsDown?: readonly string[];
  /** Written before a command reboots the node, so that an engine that takes over does not run it a second time. */
  readonly rebootAsked?: {
    readonly bootId: string;
    readonly at: number;
    /** NodeFacts.readySince then: once it differs, the node went away and came back. */
    readonly readySince?: number | null;
    /** The agent's pod then, and how often its containers had been started again. */
    readonly agent?: { readonly uid: string; readonly restarts: number };
  };
}

/** Why the plan's policy had a node taken back: it keeps the node out until a person says otherwise. */
export interface PolicyRollback {
  readonly step: StepId;
  readonly failure: Failure;
}

/** How often a step was begun again: at all, and by itself since a person last had a say. */
export interface Tries {
  readonly again?: boolean;
  readonly retries?: number;
}

export type NodeState =
  | { readonly phase: "queued" }
  | { readonly phase: "excluded"; readonly because: string }
  | (Tries & {
      readonly phase: "migrating";
      readonly step: StepId;
      readonly since: number;
      readonly stepSince: number;
      readonly before: Before | null;
    })
  | (Tries & {
      readonly phase: "failed";
      readonly step: StepId | RollbackStepId;
      readonly failure: Failure;
      readonly at: number;
      readonly since: number;
      readonly before: Before | null;
      readonly policyRollback?: PolicyRollback;
    })
  | (Tries & {
      readonly phase: "rolling-back";
      readonly step: RollbackStepId;
      readonly since: number;
      readonly stepSince: number;
      readonly before: Before | null;
      readonly policyRollback?: PolicyRollback;
      /** Its time to come back is over: it failed before, or was set aside. */
      readonly givenUp?: true;
    })
  /** To be taken back and out of reach: the run goes on without it, and takes it up again once it is Ready. */
  | {
      readonly phase: "deferred";
      readonly at: number;
      readonly since: number;
      readonly before: Before | null;
      readonly policyRollback?: PolicyRollback;
    }
  | { readonly phase: "rolled-back"; readonly at: number; readonly policyRollback?: PolicyRollback }
  | { readonly phase: "migrated"; readonly at: number; readonly tookMs: number; readonly before: Before | null };

export type NodeEvent =
  | { readonly type: "node-queued"; readonly node: string; readonly at: number }
  | { readonly type: "node-excluded"; readonly node: string; readonly at: number; readonly because: string }
  | {
      readonly type: "node-step-started";
      readonly node: string;
      readonly at: number;
      readonly step: StepId;
      /** The how manieth retry by itself; absent when it is none. */
      readonly retry?: number;
    }
  | { readonly type: "node-remembered"; readonly node: string; readonly at: number; readonly before: Before }
  | {
      readonly type: "node-failed";
      readonly node: string;
      readonly at: number;
      readonly step: StepId | RollbackStepId;
      readonly failure: Failure;
    }
  | {
      readonly type: "node-rollback-step-started";
      readonly node: string;
      readonly at: number;
      readonly step: RollbackStepId;
      readonly retry?: number;
      /** The plan's policy, and no person, has the failed node taken back. */
      readonly byPolicy?: true;
      /** A person wants it taken back: what the policy had in mind is over. */
      readonly byPerson?: true;
    }
  | { readonly type: "node-deferred"; readonly node: string; readonly at: number }
  | { readonly type: "node-rolled-back"; readonly node: string; readonly at: number }
  | {
      readonly type: "node-migrated";
      readonly node: string;
      readonly at: number;
      /** Without the time in which nobody worked at it; absent of one that was born on Cilium, or is seen from elsewhere. */
      readonly workedMs?: number;
    };

export const queued: NodeState = { phase: "queued" };

/** The node as it was before, as far as this state remembers it. */
export function beforeOf(state: NodeState): Before | null {
  return "before" in state ? state.before : null;
}

/** When the node's present undertaking began. */
function sinceOf(state: NodeState, at: number): number {
  return "since" in state ? state.since : at;
}

/** A step that failed and is begun again is known as such; with a person's wish the retries are counted anew. */
function triesOf(state: NodeState, { step, retry }: { readonly step: string; readonly retry?: number }): Tries {
  if (state.phase !== "failed" || state.step !== step) return {};
  return { again: true, ...(retry === undefined ? {} : { retries: retry }) };
}

const retriesOf = (state: NodeState): Tries =>
  "retries" in state && state.retries !== undefined ? { retries: state.retries } : {};

/** Kept all the way back, so that the restored node says why it is one. */
function policyRollbackOf(state: NodeState, byPolicy = false): { readonly policyRollback?: PolicyRollback } {
  if (byPolicy && state.phase === "failed" && !isRollbackStep(state.step))
    return { policyRollback: { step: state.step, failure: state.failure } };
  return "policyRollback" in state && state.policyRollback !== undefined
    ? { policyRollback: state.policyRollback }
    : {};
}

export const isRollbackStep = (step: StepId | RollbackStepId): step is RollbackStepId => step.startsWith("rollback-");

type EventOf<T extends NodeEvent["type"]> = Extract<NodeEvent, { readonly type: T }>;

const transitions: { readonly [T in NodeEvent["type"]]: (nodeState: NodeState, event: EventOf<T>) => NodeState } = {
  "node-queued": () => queued,
  "node-excluded": (_life, { because }) => ({ phase: "excluded", because }),
  "node-step-started": (state, event) => ({
    phase: "migrating",
    step: event.step,
    since: sinceOf(state, event.at),
    stepSince: event.at,
    before: beforeOf(state),
    ...triesOf(state, event),
  }),
  "node-remembered": (state, { before }) => ("before" in state ? { ...state, before } : state),
  "node-failed": (state, { step, failure, at }) => ({
    phase: "failed",
    step,
    failure,
    at,
    since: sinceOf(state, at),
    before: beforeOf(state),
    ...retriesOf(state),
    ...policyRollbackOf(state),
  }),
  "node-rollback-step-started": (state, event) => ({
    phase: "rolling-back",
    step: event.step,
    since: sinceOf(state, event.at),
    stepSince: event.at,
    before: beforeOf(state),
    ...triesOf(state, event),
    ...(state.phase === "failed" || state.phase === "deferred" ? { givenUp: true as const } : {}),
    ...(event.byPerson ? {} : policyRollbackOf(state, event.byPolicy)),
  }),
  "node-deferred": (state, { at }) => ({
    phase: "deferred",
    at,
    since: sinceOf(state, at),
    before: beforeOf(state),
    ...policyRollbackOf(state),
  }),
  "node-rolled-back": (state, { at }) => ({ phase: "rolled-back", at, ...policyRollbackOf(state) }),
  "node-migrated": (state, { at, workedMs }) => ({
    phase: "migrated",
    at,
    tookMs: workedMs ?? at - sinceOf(state, at),
    before: beforeOf(state),
  }),
};

/** The one place where a node changes phase: the engine, a replay of the journal and the screen all fold through it. */
export function nextNodeState(state: NodeState, event: NodeEvent): NodeState {
  const next = transitions[event.type] as (state: NodeState, event: NodeEvent) => NodeState;
  return next(state, event);
}
