import type { LeftOnNode } from "./cluster/leftovers.ts";
import type { CniFile } from "./facts.ts";
import type { Hold } from "./hold.ts";
import type { NodeEvent, NodeState, RollbackStepId, StepId } from "./node-state.ts";
import type { Note } from "./notes/note.ts";
import type { AskedAgreement } from "./plan/asked-agreement.ts";
import type { Consent, Plan, RollbackRunStepId, RunStepId, WhenLeft } from "./plan-types.ts";
import type { Failure, Reason } from "./reason.ts";

export type Pace = "running" | "pausing" | "paused";
export type Direction = "forward" | "rollback";

/** How a run ends, or stops for now. */
export type Outcome =
  | "migrated"
  | "rolled-back"
  | "paused"
  | "waiting"
  | "failed"
  | "blocked"
  | "interrupted"
  | "lock-lost"
  | "released";

/** Pods of a node counted by the network they are on. */
export interface PodCounts {
  readonly source: number;
  readonly cilium: number;
  readonly host: number;
  readonly unknown: number;
}

/** One pod of a node as the details pane lists it. */
export interface PodLine {
  readonly namespace: string;
  readonly name: string;
  readonly network: "source" | "cilium" | "host" | "unknown";
  readonly ip: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly owner: string;
}

/** A node as it was last seen; small enough to send four times a second. */
export interface NodeSnapshot {
  readonly ready: boolean;
  readonly cordoned: boolean;
  readonly controlPlane: boolean;
  readonly address: string;
  /** Which CNI gives a new pod its address: by the configuration file that sorts first, before it is read by plan or record. */
  readonly cni: "source" | "cilium" | "unknown";
  /** Null until the files could be read; `filesAt` says when. */
  readonly files: readonly CniFile[] | null;
  readonly filesAt: number | null;
  readonly pods: PodCounts;
  readonly podLines: readonly PodLine[];
  /** Cilium's agent on it; there is none before the installation and after its removal. */
  readonly agent: "none" | "not-ready" | "ready";
  readonly bootId: string;
  readonly podCidrs: readonly string[];
  readonly ciliumCidrs: readonly string[];
}

/** One line of the connectivity summary: all samples between two kinds of end, of all engines of the run. */
export interface PathScore {
  readonly path: ProbePath;
  /** Measured, good or lost; what was not measured is in none of these but `unknown`. */
  readonly sent: number;
  /** Without those of an expected gap. */
  readonly lost: number;
  /** Lost in a gap that the run itself makes: an end that is rebooted or recycled. */
  readonly expected: number;
  /** Not measured: neither good nor lost. */
  readonly unknown: number;
  /** Longest time between two answers of one pair of ends, in milliseconds, to the grain of the sampling; no expected gap. */
  readonly longestGapMs: number;
  readonly lastOkAt: number | null;
  readonly lastError: string;
  /** Node → node of the last loss. */
  readonly lastErrorBetween: string;
  /** Why it was not measured the last time; "" once it was again. */
  readonly notMeasured: string;
}

/** A path that worked and does not work any more. */
export interface BrokenPath {
  readonly path: ProbePath;
  /** worker-1 → worker-2 */
  readonly between: string;
  /** Names of the nodes at its ends. */
  readonly nodes: readonly string[];
  /** Of the first loss, epoch milliseconds. */
  readonly since: number;
  readonly error: string;
  /** What the run did then: "worker-3: drain", or the step of the run. */
  readonly during: string;
  /** It has been so for longer than what mends itself takes. */
  readonly lasting: boolean;
}

/** What a person decided of the run. */
export interface Decision {
  readonly at: number;
  readonly by: string;
  /** The request by its name, as in EngineRequest. */
  readonly request: EngineRequest["request"];
  /** Nodes that it is about, or the consent; empty where it is about the run. */
  readonly about: readonly string[];
}

/** What was measured so far, and decided: it cannot be observed again, so it is recorded on the cluster. */
export interface Measured {
  readonly scores: readonly PathScore[];
  readonly broken: readonly BrokenPath[];
  readonly decisions: readonly Decision[];
}

/** What is sampled, in the order in which it is listed everywhere. */
export const probePaths = [
  "source-to-source",
  "source-to-cilium",
  "cilium-to-source",
  "cilium-to-cilium",
  "dns",
  "api-service",
] as const;
export type ProbePath = (typeof probePaths)[number];

export interface LinkState {
  readonly state: "syncing" | "live" | "stale";
  /** Epoch milliseconds of the last word from the API server. */
  readonly since: number;
  readonly detail: string;
}

export interface Runner {
  /** user@host/pid */
  readonly holder: string;
  readonly since: number;
  /** As one who watches sees its lease; an engine that speaks for itself has it. */
  readonly lease?: "held" | "expired" | "free";
}

/**
 * All the engine says. The plan is announced first, so every printer knows the totals; `run-finished` is last.
 * Events are plain JSON and safe to print; every one bears `at`, epoch milliseconds.
 */
export type EngineEvent =
  | { readonly type: "run-announced"; readonly at: number; readonly plan: Plan; readonly resumed: boolean }
  | { readonly type: "runner-known"; readonly at: number; readonly runner: Runner }
  | {
      readonly type: "run-step-started";
      readonly at: number;
      readonly step: RunStepId | RollbackRunStepId;
    }
  | {
      readonly type: "run-step-finished";
      readonly at: number;
      readonly step: RunStepId | RollbackRunStepId;
      readonly tookMs: number;
      readonly note: string;
      /** Done by an engine before this one. */
      readonly recalled?: true;
    }
  | {
      readonly type: "run-step-failed";
      readonly at: number;
      readonly step: RunStepId | RollbackRunStepId;
      readonly failure: Failure;
    }
  /** The recorded run was not agreed to on this machine: nothing is done with it until a person does. */
  | { readonly type: "agreement-asked"; readonly at: number; readonly asked: AskedAgreement }
  | { readonly type: "agreement-given"; readonly at: number; readonly hash: string; readonly by: string }
  | { readonly type: "consent-asked"; readonly at: number; readonly consent: Consent }
  | { readonly type: "consent-given"; readonly at: number; readonly consent: Consent; readonly by: string }
  | {
      readonly type: "pace-changed";
      readonly at: number;
      readonly pace: Pace;
      readonly by: string;
      readonly takesHoldAt: string;
    }
  | { readonly type: "direction-changed"; readonly at: number; readonly direction: Direction; readonly by: string }
  | { readonly type: "when-left-changed"; readonly at: number; readonly whenLeft: WhenLeft }
  /** The run as a whole waits; null when it goes on. */
  | { readonly type: "run-held"; readonly at: number; readonly hold: Hold | null }
  | { readonly type: "node-held"; readonly at: number; readonly node: string; readonly hold: Hold | null }
  | {
      readonly type: "node-step-finished";
      readonly at: number;
      readonly node: string;
      readonly step: StepId | RollbackStepId;
      readonly tookMs: number;
      readonly note: string;
      readonly recalled?: true;
    }
  | { readonly type: "node-joined"; readonly at: number; readonly node: string; readonly controlPlane: boolean }
  | { readonly type: "node-vanished"; readonly at: number; readonly node: string }
  | { readonly type: "node-seen"; readonly at: number; readonly node: string; readonly snapshot: NodeSnapshot }
  /** What the cluster's record says of a node when a run is taken up again. */
  | { readonly type: "node-recalled"; readonly at: number; readonly node: string; readonly state: NodeState }
  | NodeEvent
  | { readonly type: "connectivity"; readonly at: number; readonly scores: readonly PathScore[] }
  /** Told again when it is known to last. */
  | { readonly type: "path-broken"; readonly at: number; readonly broken: BrokenPath }
  /** It works again, or an end of it has left. */
  | { readonly type: "path-mended"; readonly at: number; readonly between: string }
  | { readonly type: "decided"; readonly at: number; readonly decision: Decision }
  /** What engines before this one measured and were told. */
  | {
      readonly type: "measured-recalled";
      readonly at: number;
      readonly measured: Measured;
    }
  | { readonly type: "link-changed"; readonly at: number; readonly link: LinkState }
  | {
      readonly type: "log";
      readonly at: number;
      readonly level: "info" | "warning" | "error";
      readonly node: string | null;
      readonly note: Note;
    }
  | ({ readonly type: "leftovers"; readonly at: number; readonly node: string } & LeftOnNode)
  | {
      readonly type: "run-finished";
      readonly at: number;
      readonly outcome: Outcome;
      /** How it ended, or what stands in its way. */
      readonly reason: Reason;
      readonly lacks?: JournalGap;
    };

/** Events that could not be written to the journal. */
export interface JournalGap {
  /** Path of the journal. */
  readonly journal: string;
  readonly missing: number;
}

/** What a person, a panel or another terminal may ask of a run. */
export type EngineRequest =
  | { readonly request: "pause"; readonly by: string }
  | { readonly request: "resume"; readonly by: string }
  | { readonly request: "consent"; readonly consent: Consent; readonly by: string }
  /** The recorded run may be taken up on this machine, with all that was shown of it. */
  | { readonly request: "agree"; readonly hash: string; readonly by: string }
  | { readonly request: "exclude"; readonly nodes: readonly string[]; readonly by: string }
  | { readonly request: "include"; readonly nodes: readonly string[]; readonly by: string }
  /** Null retries the run's own step that failed, and looks again at a plan with blockers. */
  | { readonly request: "retry"; readonly node: string | null; readonly by: string }
  /** A queued node is left out; a failed one is undone first, then left out: never left half-moved. */
  | { readonly request: "skip"; readonly node: string; readonly by: string }
  | { readonly request: "rollback"; readonly node: string; readonly by: string }
  | { readonly request: "rollback-all"; readonly by: string }
  /** For reboot method "manual": the operator says that the node was restarted. */
  | { readonly request: "rebooted"; readonly node: string; readonly by: string }
  | { readonly request: "when-left"; readonly whenLeft: WhenLeft; readonly by: string }
  /** Let somebody else go on with the run: the engine ends after what it does now, and gives its lease back. */
  | { readonly request: "release-run"; readonly by: string }
  /** Stop the process now; the cluster keeps a consistent state and the run can be taken up again. */
  | { readonly request: "stop"; readonly by: string };
