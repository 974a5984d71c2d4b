import type { Outcome } from "../model/events.ts";
import type { ClusterFacts } from "../model/facts.ts";
import type { Consent, Plan } from "../model/plan-types.ts";
import type { Agreements } from "../model/ports/agreements.ts";
import type { RunRecord } from "../model/ports/records.ts";
import type { Reason } from "../model/reason.ts";

/** What is asked of nodes before anything else is done. */
export type NodeRequest =
  | { readonly request: "retry" | "skip" | "rebooted"; readonly node: string }
  | { readonly request: "include"; readonly nodes: readonly string[] };

/** How a run is to be driven. */
export interface RunTerms {
  /** Consents that were given on the command line. */
  readonly consents: ReadonlySet<Consent>;
  /** Who gave them. */
  readonly by: string;
  /** user@host/pid: what others see as the holder of the run. */
  readonly holder: string;
  /** Somebody can answer: wait for consents and keys. Otherwise the run ends where a person is needed. */
  readonly attended: boolean;
  /** What was agreed to on this machine: a record alone makes an engine do nothing. */
  readonly agreements: Agreements;
  /** The hash, or its beginning, of a recorded plan that is agreed to beforehand. */
  readonly agree?: string;
  /** Throws where the record is another run than the one that the command line asks for. */
  readonly checkRecord?: (record: RunRecord) => void;
  /** Facts → plan; throws a CrossfadeError when the source cannot be moved. */
  readonly makePlan: (facts: ClusterFacts, signal: AbortSignal) => Promise<Plan>;
  /** Begin with undoing instead of going on: a node's name, or all. */
  readonly rollback?: { readonly node: string } | "all";
  /** Begin with this, then go on. */
  readonly firstRequest?: NodeRequest;
  /** Somebody only looks: a new run may be planned, and one that is under way is left as it is. */
  readonly newRunOnly?: boolean;
  /** Asked for by who goes on with a run: where none is under way, or none any more, nothing is planned or begun. */
  readonly recordedRunOnly?: boolean;
}

/** How a run ended, or where it stands. */
export interface End {
  readonly outcome: Outcome;
  readonly reason: Reason;
}
