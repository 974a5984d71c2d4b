import type { ExaminedRecord } from "../cluster/examined-record.ts";
import type { Measured } from "../events.ts";
import type { NodeState } from "../node-state.ts";
import type { Consent, Plan, WhenLeft } from "../plan-types.ts";
import type { Reason } from "../reason.ts";

/** What of a run cannot be observed, written on the cluster before it matters. */
export interface RunRecord {
  readonly version: 1;
  readonly plan: Plan;
  readonly direction: "forward" | "rollback";
  readonly paused: boolean;
  readonly consents: Readonly<Partial<Record<Consent, { readonly by: string; readonly at: number }>>>;
  readonly whenLeft: WhenLeft;
  readonly startedAt: number;
  readonly finished: { readonly at: number; readonly outcome: "migrated" | "rolled-back" } | null;
  /** Run steps that were done, with the milliseconds that they took. */
  readonly stepsDone: Readonly<Record<string, number>>;
  /** Run steps that were begun, done or not: past the point of no return is told from these. */
  readonly started: readonly string[];
  /** By all engines of the run so far; some seconds old. */
  readonly measured: Measured;
}

/** What a node's annotation cni-crossfade/node says. */
export interface NodeRecord {
  readonly version: 1;
  /** Which run it is of: that one's `startedAt`. */
  readonly run: number;
  readonly state: NodeState;
  readonly timings: Readonly<Record<string, number>>;
}

/** What is read is believed only as we wrote it; else a RECORD_ failure is thrown. */
export interface Records {
  /** Null where there is none. */
  run(): Promise<RunRecord | null>;
  /** With what was wrong with the record that it was written over: what a runner knows is the truth. */
  writeRun(record: RunRecord): Promise<Reason | null>;
  /** By node; one that is not of the run that was read last is refused. */
  nodeRecords(): Promise<Readonly<Record<string, NodeRecord>>>;
  writeNode(node: string, record: NodeRecord): Promise<void>;
  forgetNodes(): Promise<void>;
  examine(): Promise<readonly ExaminedRecord[]>;
  /** Seals anew what was edited and is acceptable; the places of these. */
  accept(): Promise<readonly string[]>;
}
