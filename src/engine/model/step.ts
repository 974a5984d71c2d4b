import type { Attempts } from "../drain/evict.ts";
import type { FailureCode } from "./errors.ts";
import type { LeftOnNode } from "./leftovers.ts";
import type { Before, StepId, UndoStepId } from "./node-state.ts";
import type { Consent, Plan, RunStepId, UndoRunStepId } from "./plan-types.ts";
import type { Ports } from "./ports.ts";

/** What a look at the cluster says of a step: done, or what it waits for. */
export type Observation =
  | { readonly done: true; readonly note?: string }
  | {
      readonly done: false;
      /** What to do when the step's time is up in waiting for this; else waiting on and undoing are offered. */
      readonly remedy?: string;
      /** One clause: what is waited for. */
      readonly because: string;
      readonly clearedBy: string;
      readonly object?: string;
      /** Only a person can clear it: the step's time does not run. */
      readonly needsPerson?: boolean;
      /** When time alone clears it: how long that takes, so that nobody oversleeps. */
      readonly dueInMs?: number;
    };

export const done: Observation = { done: true };

export type Waiting = Exclude<Observation, { readonly done: true }>;

export function waiting(because: string, clearedBy: string, object?: string): Waiting {
  return object === undefined ? { done: false, because, clearedBy } : { done: false, because, clearedBy, object };
}

/** No watch tells when traffic passes or a file is there: such a thing is asked for more often than the tick of the run. */
const askedAgainMs = 500;

/** Waits for what only asking again can tell. */
export function askingAgain(because: string, clearedBy: string, object?: string): Waiting {
  return { ...waiting(because, clearedBy, object), dueInMs: askedAgainMs };
}

/** What a step of a node's migration, or of its undo, works with. */
export interface NodeScope {
  readonly ports: Ports;
  readonly plan: Plan;
  readonly node: string;
  /** When this step began: destructive acts are keyed on it (pods older than the step). */
  readonly stepSince: number;
  readonly before: Before | null;
  /** The step failed and was begun again: what a first attempt leaves alone may now be made anew. */
  readonly again: boolean;
  /** Names of nodes that are migrated, to choose whom to probe. */
  readonly migrated: readonly string[];
  /** Names of the run's nodes: neither virtual ones nor those that the source does not serve. */
  readonly nodes: readonly string[];
  /** Names of nodes that are set aside or excluded: what does not work on them is known, or nobody's wish. */
  readonly aside: readonly string[];
  /** The operator said that the node was restarted (reboot method "manual"). */
  readonly declaredRebooted: boolean;
  /** Evictions asked for so far; a restarted engine begins with none and asks again. */
  readonly attempts: Attempts;
  /** Acts of this step that are not to be repeated within this process ("asked for reboot of boot <id>"). */
  readonly acts: Set<string>;
  /** For how long this step has seen this, in milliseconds; an engine that takes it up begins to count anew. */
  readonly seenForMs: (what: string) => number;
  /** Keeps what the node was like before, on the cluster, before anything is changed. */
  readonly remember: (before: Before) => Promise<void>;
  readonly log: (level: "info" | "warning" | "error", text: string) => void;
  readonly signal: AbortSignal;
}

/** What a step of the whole run works with. */
export interface RunScope {
  readonly ports: Ports;
  readonly plan: Plan;
  readonly stepSince: number;
  /** Names of the nodes that take part in the run and are not excluded. */
  readonly nodes: readonly string[];
  /** What was found and need not be asked again within this process. */
  readonly acts: Set<string>;
  readonly log: (level: "info" | "warning" | "error", text: string, node?: string) => void;
  readonly leftovers: (node: string, found: LeftOnNode) => void;
  readonly signal: AbortSignal;
}

interface StepShape<Id, Scope> {
  /** Recorded on the cluster: never rename. */
  readonly id: Id;
  readonly title: string;
  readonly timeoutMs: number | ((plan: Plan) => number);
  /** Check, verification, progress line and crash recovery in one. */
  observe(scope: Scope): Promise<Observation>;
  /** A failed attempt may be followed by another without a person: the new one does something anew, and can do no harm. Where not after every failure, after which. */
  readonly retriable?: true | readonly FailureCode[];
  /** One nudge towards done; repeated until `observe` is content, so it must be safe to repeat. */
  apply(scope: Scope): Promise<void>;
}

export interface Step extends StepShape<StepId, NodeScope> {
  /** The steps of the way back that take this one back. */
  readonly undo: readonly UndoStepId[] | "nothing-to-undo";
}

export type UndoStep = StepShape<UndoStepId, NodeScope>;

export interface RunStep extends StepShape<RunStepId, RunScope> {
  /** Asked for before this step starts. */
  readonly consent?: Consent;
  readonly undo: readonly UndoRunStepId[] | "nothing-to-undo" | "point-of-no-return";
}

export type UndoRunStep = StepShape<UndoRunStepId, RunScope>;
