import type { LeftOnNode } from "./cluster/leftovers.ts";
import type {
  BrokenPath,
  Decision,
  Direction,
  JournalGap,
  LinkState,
  NodeSnapshot,
  Outcome,
  Pace,
  PathScore,
  Runner,
} from "./events.ts";
import type { Hold } from "./hold.ts";
import type { NodeState, RollbackStepId, StepId } from "./node-state.ts";
import type { Note } from "./notes/note.ts";
import type { AskedAgreement } from "./plan/asked-agreement.ts";
import type { ByStep } from "./plan/source-steps.ts";
import type { Consent, Plan, RollbackRunStepId, RunStepId, WhenLeft } from "./plan-types.ts";
import type { Failure, Reason } from "./reason.ts";

export interface RunNode {
  readonly name: string;
  readonly state: NodeState;
  readonly hold: Hold | null;
  readonly snapshot: NodeSnapshot | null;
  /** Step → milliseconds that it took. */
  readonly timings: ByStep<StepId | RollbackStepId, number>;
  readonly leftovers: LeftOnNode | null;
}

export interface LogLine {
  readonly at: number;
  readonly level: "info" | "warning" | "error";
  readonly node: string | null;
  readonly note: Note;
}

export type RunStepState =
  | { readonly state: "done"; readonly tookMs: number; readonly note: string }
  | { readonly state: "doing"; readonly since: number }
  /** Begun and not done, and nobody is at it: the engine ended in it, or the run turned back. */
  | { readonly state: "stopped"; readonly since: number }
  | { readonly state: "failed"; readonly failure: Failure };

/** All that is known of a run: one pure fold of the events serves the engine, a replay of the journal and the screen. */
export interface MigrationState {
  readonly plan: Plan | null;
  readonly runner: Runner | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly outcome: Outcome | null;
  /** How the run ended, or what stood in its way. */
  readonly endedFor: Reason | null;
  readonly lacks: JournalGap | null;
  readonly pace: Pace;
  /** While pausing: the safe point at which the pause takes hold. */
  readonly takesHoldAt: string;
  readonly direction: Direction;
  readonly whenLeft: WhenLeft;
  readonly steps: ByStep<RunStepId | RollbackRunStepId, RunStepState>;
  readonly asking: Consent | null;
  /** What of a recorded run has to be agreed to on this machine before anything is done with it. */
  readonly agreement: AskedAgreement | null;
  readonly consents: Readonly<Partial<Record<Consent, { readonly by: string; readonly at: number }>>>;
  readonly hold: Hold | null;
  /** Node names in the plan's order, joined ones at the end. */
  readonly order: readonly string[];
  readonly nodes: Readonly<Record<string, RunNode>>;
  readonly scores: readonly PathScore[];
  /** Paths that worked and do not work any more, oldest first. */
  readonly broken: readonly BrokenPath[];
  /** What people decided, in the order of time. */
  readonly decisions: readonly Decision[];
  readonly link: LinkState;
  readonly log: readonly LogLine[];
}

export const nothingYet: MigrationState = {
  plan: null,
  runner: null,
  startedAt: null,
  finishedAt: null,
  outcome: null,
  endedFor: null,
  lacks: null,
  pace: "running",
  takesHoldAt: "",
  direction: "forward",
  whenLeft: "pause",
  steps: {},
  asking: null,
  agreement: null,
  consents: {},
  hold: null,
  order: [],
  nodes: {},
  scores: [],
  broken: [],
  decisions: [],
  link: { state: "syncing", since: 0, detail: "" },
  log: [],
};
