import type {
  NodePlace,
  RollbackNodePlace,
  RollbackRunPlace,
  RollbackSourceStepId,
  RunPlace,
  SourceStepId,
} from "../model/plan/source-steps.ts";
import type { PlannedChange, SourceFacts } from "../model/plan-types.ts";
import type { Reason } from "../model/reason.ts";
import type { RollbackRunStep, RollbackStep, RunScope, RunStep, Step } from "../model/step.ts";

/** What a step changes, as the plan shows it; its verb, phase and place in the list follow from the step. */
export type StepChange = Pick<PlannedChange, "verb" | "kind" | "namespace" | "name" | "what" | "rollback">;

/** What the plan says of a step of the source's own. */
interface Foretold {
  /** What it takes on an ordinary cluster: a guess, as all estimates of a plan are. */
  readonly typicalMs: number;
  changes(source: SourceFacts): readonly StepChange[];
}

/** A step of the whole run; before the removal of the source it waits for the same consent. */
export interface SourceRunStep extends RunStep, Foretold {
  readonly id: SourceStepId;
  readonly before: RunPlace;
}

export interface SourceNodeStep extends Step, Foretold {
  readonly id: SourceStepId;
  readonly before: NodePlace;
}

/** A step that rolls one of these back. It comes too where that one never began, and must then have nothing to do. */
export interface SourceRollbackRunStep extends RollbackRunStep {
  readonly id: RollbackSourceStepId;
  readonly before: RollbackRunPlace;
}

export interface SourceRollbackNodeStep extends RollbackStep {
  readonly id: RollbackSourceStepId;
  readonly before: RollbackNodePlace;
}

/** What a source's own look at the old network gets. */
export type SourceLook = Pick<RunScope, "ports" | "plan" | "nodes">;

/** The steps that a source brings along, each list in the order of those that come before the same step. */
export interface SourceSteps {
  readonly run: readonly SourceRunStep[];
  readonly node: readonly SourceNodeStep[];
  readonly rollbackNode: readonly SourceRollbackNodeStep[];
  readonly rollbackRun: readonly SourceRollbackRunStep[];
  /** Asked where traffic is lost: what is wrong with the source itself that would explain it; null where it knows of nothing. */
  readonly causeOfLoss: (look: SourceLook) => Promise<Reason | null>;
}

/** Of a source that runs beside Cilium, and goes, without more. */
export const noSteps: SourceSteps = {
  run: [],
  node: [],
  rollbackNode: [],
  rollbackRun: [],
  causeOfLoss: () => Promise.resolve(null),
};
