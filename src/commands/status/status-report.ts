import type { ApiTls } from "../../engine/model/cluster/api-tls.ts";
import type { ExaminedRecord } from "../../engine/model/cluster/examined-record.ts";
import type { PathScore } from "../../engine/model/events.ts";
import { fold } from "../../engine/model/fold.ts";
import type { RecordedConsent, RecordedTerm } from "../../engine/model/plan/asked-agreement.ts";
import type { LockState } from "../../engine/model/ports/lock.ts";
import type { RunnerNews } from "../../engine/model/ports/observers.ts";
import type { NodeRecord, RunRecord } from "../../engine/model/ports/records.ts";
import type { Failure, Reason } from "../../engine/model/reason.ts";
import { conditionOf, type RunCondition } from "../../engine/model/run-condition.ts";
import { type MigrationState, nothingYet, type RunNode } from "../../engine/model/state.ts";
import { paceOf } from "../../engine/observers/pace-of.ts";
import { recall } from "../../engine/run/recording.ts";
import { lines } from "../../words/audience.ts";
import { explainFailure } from "../../words/explain.ts";
import type { SaidFailure } from "../../words/failure-in.ts";
import { type JsonReason, jsonReason } from "../headless/json-event.ts";
import type { RunStanding } from "./standing.ts";

/** Who has the run. */
export interface RunnerReport {
  /** user@host/pid, and its parts. */
  readonly holder: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number | null;
  /** ISO times by the holder's clock. */
  readonly since: string;
  readonly renewedAt: string;
  /** expired: not renewed for its term, so that anybody may take the run over. */
  readonly lease: "held" | "expired";
}

export interface NodeReport {
  readonly name: string;
  readonly phase: NodeRecord["state"]["phase"];
  /** Where it is, or where it failed. */
  readonly step: string | null;
  /** Why it waits, in a clause; only the runner knows it of a node in hand. */
  readonly waitsFor: string | null;
  /** The same as code and facts, with what clears it. */
  readonly reason: JsonReason | null;
  /** Why it is left out. */
  readonly because: string | null;
  /** How long its move took. */
  readonly tookMs: number | null;
  /** Code, reason with its facts, and its words. */
  readonly failure: (Failure & SaidFailure) | null;
}

/** What was measured of the network; what was not is in `unknown` and counts as neither good nor lost. */
export interface TrafficReport {
  readonly measured: number;
  readonly lost: number;
  /** Lost while one end was being moved. */
  readonly expected: number;
  readonly unknown: number;
  readonly longestGapMs: number;
  readonly paths: readonly PathScore[];
  /** Paths that worked and do not now, with ISO times. */
  readonly broken: readonly {
    readonly path: string;
    readonly between: string;
    readonly since: string;
    /** Step of the run at that time. */
    readonly during: string;
    readonly error: string;
  }[];
}

function trafficOf(record: RunRecord, news: RunnerNews | null): TrafficReport | null {
  const { scores, broken } = news ?? record.measured;
  if (scores.length === 0) return null;
  const total = (count: "sent" | "lost" | "expected" | "unknown") => scores.reduce((sum, one) => sum + one[count], 0);
  return {
    measured: total("sent"),
    lost: total("lost"),
    expected: total("expected"),
    unknown: total("unknown"),
    longestGapMs: Math.max(...scores.map(({ longestGapMs }) => longestGapMs)),
    paths: scores,
    broken: broken.map(({ path, between, since, during, error }) => ({
      path,
      between,
      since: iso(since),
      during,
      error,
    })),
  };
}

/** What `crossfade status --json` prints; a change of meaning raises `version`, new fields do not. */
export interface StatusReport {
  readonly version: 1;
  /** Null where no run is recorded. */
  readonly run: null | {
    /** As the panel's badge. unattended: it is not over, and no engine has it; finished: `outcome` says how. */
    readonly state: RunCondition | "unattended" | "finished";
    readonly outcome: "migrated" | "rolled-back" | null;
    readonly direction: "forward" | "rollback";
    readonly startedAt: string;
    readonly finishedAt: string | null;
    readonly planHash: string;
    readonly source: string;
    readonly ciliumVersion: string;
    readonly context: string;
    readonly stepsDone: readonly string[];
    readonly stepsBegun: readonly string[];
    readonly consents: readonly string[];
    /** The consent that it waits for. */
    readonly asking: string | null;
    readonly waitsFor: string | null;
    /** The same as code and facts, with what clears it. */
    readonly reason: JsonReason | null;
    readonly whenLeft: "pause" | "continue";
  };
  readonly runner: RunnerReport | null;
  /** How the API server that all this was read from proves who it is; none: plain http. */
  readonly connection?: { readonly server: string; readonly tls: ApiTls };
  readonly nodes: readonly NodeReport[];
  /** What all engines of the run measured so far; null before anything was. */
  readonly traffic: TrafficReport | null;
  /** Present where records cannot be believed: then `run` and `nodes` tell nothing. */
  readonly untrusted?: readonly {
    readonly place: string;
    readonly code: Failure["code"];
    readonly reason: Failure["reason"];
    readonly message: string;
    readonly remedy: string;
  }[];
  /** What the record would have a machine run, fetch and install, and whether that was agreed to on this one. */
  readonly recorded?: {
    readonly plan: string;
    readonly terms: readonly RecordedTerm[];
    readonly agreedHere: boolean;
    readonly consentsNotGivenHere: readonly RecordedConsent[];
  };
  /** Where nobody is at work: what an engine would find and where it would go on, in one sentence. */
  readonly found?: string | null;
}

/** What is told where a record cannot be believed. */
export function untrusted(records: readonly ExaminedRecord[], lock: LockState | null): StatusReport {
  const said = records.flatMap(({ place, failure }) =>
    failure === null ? [] : [{ place, code: failure.code, reason: failure.reason, ...explainFailure(failure, lines) }],
  );
  return { version: 1, run: null, runner: runnerOf(lock), nodes: [], traffic: null, untrusted: said };
}

function runnerOf(lock: LockState | null): RunnerReport | null {
  if (lock === null) return null;
  const [, user = lock.holder, host = "", pid = ""] = /^([^@]*)@(.*)\/(\d+)$/.exec(lock.holder) ?? [];
  return {
    holder: lock.holder,
    user,
    host,
    pid: pid === "" ? null : Number(pid),
    since: iso(lock.since),
    renewedAt: iso(lock.renewedAt),
    lease: lock.expired ? "expired" : "held",
  };
}

/** What is waited for, in a clause and as data. */
function waitOf(why: Reason | null): Pick<NodeReport, "waitsFor" | "reason"> {
  const reason = why && jsonReason(why);
  return { waitsFor: reason?.text ?? null, reason };
}

function nodeOf(name: string, record: NodeRecord | undefined, news: RunnerNews | null): NodeReport {
  const state = record?.state ?? { phase: "queued" as const };
  const step = stepOf(state);
  const told = news?.holds[name];
  const reason = told !== undefined && told.step === step ? told.hold.reason : null;
  return {
    name,
    phase: state.phase,
    step,
    ...waitOf(reason),
    because: state.phase === "excluded" ? state.because : null,
    tookMs: state.phase === "migrated" ? state.tookMs : null,
    failure: failureOf(name, state),
  };
}

function stepOf(state: NodeRecord["state"]): string | null {
  if (state.phase === "rolled-back" || state.phase === "deferred") return state.policyRollback?.step ?? null;
  return "step" in state ? state.step : null;
}

/** Of a node that failed, or that the policy had taken back for it, or set aside until it can be. */
function failureOf(node: string, state: NodeRecord["state"]): NodeReport["failure"] {
  const said = (failure: Failure) => ({ ...failure, ...explainFailure(failure, lines, node) });
  if (state.phase === "failed") return said(state.failure);
  if (state.phase === "deferred" && state.policyRollback !== undefined) {
    return {
      ...said(state.policyRollback.failure),
      remedy: "repair it or power it on, and it is rolled back; once it is gone for good, delete its Node",
    };
  }
  if (state.phase !== "rolled-back" || state.policyRollback === undefined) return null;
  const { retry, skip } = lines.ask;
  const remedy = `run ${retry(node)} to move it again, or run ${skip(node)} to exclude it and go on with the next`;
  return { ...said(state.policyRollback.failure), remedy };
}

const iso = (at: number): string => new Date(at).toISOString();

function runOf(standing: Recorded, runner: RunnerReport | null, news: RunnerNews | null): StatusReport["run"] {
  const { record } = standing;
  const { plan, finished } = record;
  return {
    state: finished ? "finished" : stateOf(standing, runner, news),
    outcome: finished?.outcome ?? null,
    direction: record.direction,
    startedAt: iso(record.startedAt),
    finishedAt: finished ? iso(finished.at) : null,
    planHash: plan.hash,
    source: plan.source.id,
    ciliumVersion: plan.cilium.version,
    context: plan.cluster.context,
    stepsDone: Object.keys(record.stepsDone),
    stepsBegun: record.started,
    consents: Object.keys(record.consents),
    asking: news?.asking ?? null,
    ...waitOf(news?.hold?.reason ?? null),
    whenLeft: record.whenLeft,
  };
}

/** What a runner that is gone published says nothing of what is now. */
const validNews = (told: RunnerNews | null, runner: RunnerReport | null): RunnerNews | null =>
  told !== null && runner?.lease === "held" && told.holder === runner.holder ? told : null;

/** All that is known of a run from anywhere. Pure. */
export function statusReport({ record, nodeRecords, lock }: RunStanding, told: RunnerNews | null): StatusReport {
  const runner = runnerOf(lock);
  if (record === null) return { version: 1, run: null, runner, nodes: [], traffic: null };
  const news = validNews(told, runner);
  const planned = record.plan.nodes.map(({ name }) => name);
  const joined = Object.keys(nodeRecords).filter((name) => !planned.includes(name));
  return {
    version: 1,
    run: runOf({ record, nodeRecords }, runner, news),
    runner,
    nodes: [...planned, ...joined].map((name) => nodeOf(name, nodeRecords[name], news)),
    traffic: trafficOf(record, news),
  };
}

interface Recorded {
  readonly record: RunRecord;
  readonly nodeRecords: RunStanding["nodeRecords"];
}

/** Nodes are set at once: a fold each would take long for thousands. */
function nodesOf(
  { nodes }: MigrationState,
  { nodeRecords }: Recorded,
  news: RunnerNews | null,
): MigrationState["nodes"] {
  const recorded = Object.entries(nodeRecords).map(([name, { state, timings }]): readonly [string, RunNode] => {
    const told = news?.holds[name];
    const hold = told !== undefined && "step" in state && told.step === state.step ? told.hold : null;
    return [name, { name, state, timings, hold, snapshot: null, leftovers: null }];
  });
  return { ...nodes, ...Object.fromEntries(recorded) };
}

/** The run as a panel would have it, from what is on record and what its runner told. */
function recorded(standing: Recorded, news: RunnerNews | null): MigrationState {
  const run = recall(standing.record, {}, 0).reduce(fold, nothingYet);
  const nodes = nodesOf(run, standing, news);
  if (news === null) return { ...run, nodes };
  const { asking, hold, steps } = news;
  const { pace } = paceOf(standing.record.paused, news);
  return { ...run, nodes, asking, hold, pace, steps: { ...run.steps, ...steps } };
}

function stateOf(
  standing: Recorded,
  runner: RunnerReport | null,
  news: RunnerNews | null,
): RunCondition | "unattended" {
  if (runner?.lease !== "held") return standing.record.paused ? "paused" : "unattended";
  return conditionOf(recorded(standing, news));
}
