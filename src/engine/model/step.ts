import type { LeftOnNode } from "./cluster/leftovers.ts";
import type { Before, RollbackStepId, StepId } from "./node-state.ts";
import type { Note } from "./notes/note.ts";
import type { Observation } from "./observation.ts";
import type { Consent, Plan, RollbackRunStepId, RunStepId } from "./plan-types.ts";
import type { Ports } from "./ports/ports.ts";
import type { FailureCode } from "./reasons/failure-code.ts";
import type { SourceRemoval } from "./source-removal.ts";
import type { StepMemory } from "./step-memory.ts";

/** What a step of a node's migration, or of its rollback, works with. */
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
  readonly excludedOrDeferred: readonly string[];
  /** The operator said that the node was restarted (reboot method "manual"). */
  readonly declaredRebooted: boolean;
  readonly memory: StepMemory;
  /** Keeps what the node was like before, on the cluster, before anything is changed. */
  readonly remember: (before: Before) => Promise<void>;
  readonly log: (level: "info" | "warning" | "error", said: Note) => void;
  readonly signal: AbortSignal;
}

/** What a step of the whole run works with. */
export interface RunScope {
  readonly ports: Ports;
  readonly plan: Plan;
  /** What of the plan's source is taken away at the end. */
  readonly removal: SourceRemoval;
  readonly stepSince: number;
  /** Names of the nodes that take part in the run and are not excluded. */
  readonly nodes: readonly string[];
  readonly memory: StepMemory;
  /** Whether a person gave it. */
  readonly consented: (consent: Consent) => boolean;
  readonly log: (level: "info" | "warning" | "error", said: Note, node?: string) => void;
  readonly leftovers: (node: string, found: LeftOnNode) => void;
  readonly signal: AbortSignal;
}

interface StepShape<Id, Scope> {
  /** Recorded on the cluster; `src/words/step-titles.ts` has its title. */
  readonly id: Id;
  readonly timeoutMs: number | ((plan: Plan) => number);
  /** Check, verification, progress line and crash recovery in one. */
  observe(scope: Scope): Promise<Observation>;
  /** One nudge towards done; repeated until `observe` is content, so it must be safe to repeat. */
  apply(scope: Scope): Promise<void>;
}

export interface Step extends StepShape<StepId, NodeScope> {
  /** The steps of the way back that take this one back. */
  readonly rollback: readonly RollbackStepId[] | "nothing-to-roll-back";
}

export type RollbackStep = StepShape<RollbackStepId, NodeScope>;

export interface RunStep extends StepShape<RunStepId, RunScope> {
  /** Asked for before this step starts. */
  readonly consent?: Consent;
  /** A failure with this code is a finding: a person may go on with it, by a consent that is asked for then and at no other time. */
  readonly overruled?: { readonly code: FailureCode; readonly by: Consent };
  readonly rollback: readonly RollbackRunStepId[] | "nothing-to-roll-back" | "point-of-no-return";
}

export type RollbackRunStep = StepShape<RollbackRunStepId, RunScope>;

/** A step of whatever list. */
export type AnyStep = Step | RollbackStep | RunStep | RollbackRunStep;
