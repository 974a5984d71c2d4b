import type { Outcome, Pace } from "./events.ts";
import { isRolledBackByPolicy, retryOf } from "./failed-node.ts";
import { waitsForPerson } from "./hold.ts";
import type { NodeState } from "./node-state.ts";
import type { MigrationState, RunNode } from "./state.ts";

/** Where a run is, in one word: the badge of the panel and what `crossfade status` says are the same. */
export type RunCondition =
  /** The cluster is looked at, and the plan is made. */
  | "checking"
  /** Preflight found what must be mended first. */
  | "blocked"
  /** It asks for a consent. */
  | "confirm"
  | "running"
  /** Nothing moves until a person decides or does something. */
  | "waiting"
  | Exclude<Pace, "running">
  | "rolling-back"
  | "done"
  | "rolled-back"
  | "failed"
  /** The engine ended, and the run is not over. */
  | "stopped";

type Failed = Extract<NodeState, { readonly phase: "failed" }>;

/** Whether the engine goes on by itself from this failure: by a retry, or by taking the node back. */
function goesOnAlone(run: MigrationState, state: Failed): boolean {
  if (retryOf(run, state) !== null) return true;
  return run.direction === "rollback" ? !state.step.startsWith("rollback-") : isRolledBackByPolicy(run, state);
}

/** A node that waits for its turn, or stays out by choice, calls for nobody. */
export function nodeNeedsPerson(run: MigrationState, { state, hold }: RunNode): boolean {
  if (state.phase === "failed") return !goesOnAlone(run, state);
  return (state.phase === "migrating" || state.phase === "rolling-back") && waitsForPerson(hold);
}

const callsForPerson = (run: MigrationState): boolean =>
  waitsForPerson(run.hold) ||
  Object.values(run.steps).some((step) => step.state === "failed") ||
  Object.values(run.nodes).some((node) => nodeNeedsPerson(run, node));

/** A node that is taken back is taken back to its end, on a paused run too. */
const isRollingBack = ({ nodes }: MigrationState): boolean =>
  Object.values(nodes).some(({ state }) => state.phase === "rolling-back");

/** As an engine that ended left it. */
const ofOutcome: Readonly<Record<Outcome, RunCondition>> = {
  migrated: "done",
  "rolled-back": "rolled-back",
  blocked: "blocked",
  failed: "failed",
  waiting: "waiting",
  paused: "paused",
  interrupted: "stopped",
  "lock-lost": "stopped",
  released: "stopped",
};

function ended({ outcome, direction }: MigrationState): RunCondition | null {
  if (outcome === null) return null;
  // An engine that was asked to take one node back ends so too, and leaves the run paused.
  return outcome === "rolled-back" && direction === "forward" ? "paused" : ofOutcome[outcome];
}

function notBegun({ plan, hold, asking, consents }: MigrationState): RunCondition | null {
  if (consents.nodes !== undefined || asking !== null) return null;
  return plan !== null && waitsForPerson(hold) ? "blocked" : "checking";
}

function underWay(run: MigrationState): RunCondition {
  if (run.asking !== null) return "confirm";
  if (callsForPerson(run)) return "waiting";
  if (run.pace === "pausing") return "pausing";
  return run.direction === "rollback" || isRollingBack(run) ? "rolling-back" : "running";
}

/** A recorded run that nothing is done with before a person here agrees to it. */
const awaitsAgreement = ({ agreement }: MigrationState): RunCondition | null => (agreement === null ? null : "confirm");

/** Where the run is. Pure, and the only place that says so. */
export function conditionOf(run: MigrationState): RunCondition {
  const over = ended(run) ?? awaitsAgreement(run) ?? (run.plan === null ? "checking" : notBegun(run));
  if (over !== null) return over;
  return run.pace === "paused" && !isRollingBack(run) ? "paused" : underWay(run);
}
