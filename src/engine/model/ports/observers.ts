import type { BrokenPath, Pace, PathScore } from "../events.ts";
import type { Hold } from "../hold.ts";
import type { RollbackStepId, StepId } from "../node-state.ts";
import type { ByStep } from "../plan/source-steps.ts";
import type { Consent, RollbackRunStepId, RunStepId } from "../plan-types.ts";
import type { Reason } from "../reason.ts";
import type { LogLine, RunStepState } from "../state.ts";

/** What another terminal asks of the runner through the cluster. */
export interface RemoteRequest {
  /** Of this one request; its answer bears the same. */
  readonly id: string;
  readonly ask: "pause" | "resume" | "release-run";
  readonly by: string;
  readonly at: number;
}

/** What a look at the requests of others found. */
export interface Asked {
  readonly requests: readonly RemoteRequest[];
  /** How many were taken away unheard: too many at once, too old, or of no shape that we know. */
  readonly dropped: number;
}

export interface RemoteAnswer {
  /** Null when it was taken, else why not. */
  readonly refused: Reason | null;
  /** Who answered. */
  readonly by: string;
  readonly at: number;
}

/** A node in hand that waits, at this step: by the time it is read the node may be at another. */
export interface HeldNode {
  readonly step: StepId | RollbackStepId;
  readonly hold: Hold;
}

/** What only the runner knows of its run and others like to see; none of it is needed to go on with the run. */
export interface RunnerNews {
  readonly version: 1;
  readonly at: number;
  readonly holder: string;
  readonly pace: Pace;
  readonly takesHoldAt: string;
  readonly asking: Consent | null;
  readonly hold: Hold | null;
  /** Of nodes in hand; why the others wait is decided alike by all who look. */
  readonly holds: Readonly<Record<string, HeldNode>>;
  /** Steps of the run that are at work or failed. */
  readonly steps: ByStep<RunStepId | RollbackRunStepId, RunStepState>;
  readonly scores: readonly PathScore[];
  readonly broken: readonly BrokenPath[];
  /** The last lines. */
  readonly log: readonly LogLine[];
}

/** How the runner and those who watch it from elsewhere hear of each other: ConfigMap crossfade/observers. */
export interface Observers {
  /** Makes it anew and empty: what was asked of an engine before this one is not this one's. */
  open(): Promise<void>;
  publish(news: RunnerNews): Promise<void>;
  /** What is asked and not answered yet, a few at a time; the rest is taken away unheard. */
  requests(now: number): Promise<Asked>;
  answer(request: RemoteRequest, answer: RemoteAnswer): Promise<void>;
  /** Takes it away after a run that ended. */
  close(): Promise<void>;
  /** Asks the runner, wherever it is; needs no lease. */
  post(request: RemoteRequest): Promise<void>;
  /** Null while there is none. */
  answerTo(id: string): Promise<RemoteAnswer | null>;
  news(): Promise<RunnerNews | null>;
}
