import type { Failure } from "./errors.ts";

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
export type StepId = (typeof nodeSteps)[number];

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
export type RollbackStepId = (typeof rollbackNodeSteps)[number];

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

export type NodeLife =
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

export type LifeEvent =
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

export const unborn: NodeLife = { phase: "queued" };

/** The node as it was before, as far as this life remembers it. */
export function beforeOf(life: NodeLife): Before | null {
  return "before" in life ? life.before : null;
}

/** When the node's present undertaking began. */
function sinceOf(life: NodeLife, at: number): number {
  return "since" in life ? life.since : at;
}

/** A step that failed and is begun again is known as such; with a person's wish the retries are counted anew. */
function triesOf(life: NodeLife, { step, retry }: { readonly step: string; readonly retry?: number }): Tries {
  if (life.phase !== "failed" || life.step !== step) return {};
  return { again: true, ...(retry === undefined ? {} : { retries: retry }) };
}

const retriesOf = (life: NodeLife): Tries =>
  "retries" in life && life.retries !== undefined ? { retries: life.retries } : {};

/** Kept all the way back, so that the restored node says why it is one. */
function policyRollbackOf(life: NodeLife, byPolicy = false): { readonly policyRollback?: PolicyRollback } {
  if (byPolicy && life.phase === "failed" && !isRollbackStep(life.step))
    return { policyRollback: { step: life.step, failure: life.failure } };
  return "policyRollback" in life && life.policyRollback !== undefined ? { policyRollback: life.policyRollback } : {};
}

export const isRollbackStep = (step: StepId | RollbackStepId): step is RollbackStepId => step.startsWith("rollback-");

type EventOf<T extends LifeEvent["type"]> = Extract<LifeEvent, { readonly type: T }>;

const lives: { readonly [T in LifeEvent["type"]]: (life: NodeLife, event: EventOf<T>) => NodeLife } = {
  "node-queued": () => unborn,
  "node-excluded": (_life, { because }) => ({ phase: "excluded", because }),
  "node-step-started": (life, event) => ({
    phase: "migrating",
    step: event.step,
    since: sinceOf(life, event.at),
    stepSince: event.at,
    before: beforeOf(life),
    ...triesOf(life, event),
  }),
  "node-remembered": (life, { before }) => ("before" in life ? { ...life, before } : life),
  "node-failed": (life, { step, failure, at }) => ({
    phase: "failed",
    step,
    failure,
    at,
    since: sinceOf(life, at),
    before: beforeOf(life),
    ...retriesOf(life),
    ...policyRollbackOf(life),
  }),
  "node-rollback-step-started": (life, event) => ({
    phase: "rolling-back",
    step: event.step,
    since: sinceOf(life, event.at),
    stepSince: event.at,
    before: beforeOf(life),
    ...triesOf(life, event),
    ...(life.phase === "failed" || life.phase === "deferred" ? { givenUp: true as const } : {}),
    ...(event.byPerson ? {} : policyRollbackOf(life, event.byPolicy)),
  }),
  "node-deferred": (life, { at }) => ({
    phase: "deferred",
    at,
    since: sinceOf(life, at),
    before: beforeOf(life),
    ...policyRollbackOf(life),
  }),
  "node-rolled-back": (life, { at }) => ({ phase: "rolled-back", at, ...policyRollbackOf(life) }),
  "node-migrated": (life, { at, workedMs }) => ({
    phase: "migrated",
    at,
    tookMs: workedMs ?? at - sinceOf(life, at),
    before: beforeOf(life),
  }),
};

/** The one place where a node changes phase: the engine, a replay of the journal and the screen all fold through it. */
export function live(life: NodeLife, event: LifeEvent): NodeLife {
  const next = lives[event.type] as (life: NodeLife, event: LifeEvent) => NodeLife;
  return next(life, event);
}
