import { CrossfadeError } from "../model/errors.ts";
import type { EngineEvent } from "../model/events.ts";
import type { NodeRecord, RunRecord } from "../model/ports/records.ts";
import { reason } from "../model/reason.ts";
import type { MigrationState, RunNode } from "../model/state.ts";

/** An engine that was asked to undo one node ends with "rolled-back" too, and the run of the others is not over. */
export const isOver = ({ outcome, direction }: MigrationState): boolean =>
  outcome === "migrated" || (outcome === "rolled-back" && direction === "rollback");

/** Broken paths that are recorded: where there are more, all of them are one break. */
const mostBroken = 50;

/** What of the run must outlive the engine, as it is written to the cluster. */
export function recordOf(state: MigrationState): RunRecord {
  if (!state.plan) throw new CrossfadeError("RECORD_DAMAGED", reason("record-without-plan", {}));
  const done = Object.entries(state.steps).flatMap(([id, step]) =>
    step.state === "done" ? [[id, step.tookMs] as const] : [],
  );
  const { outcome, finishedAt } = state;
  return {
    version: 1,
    plan: state.plan,
    direction: state.direction,
    paused: state.pace !== "running",
    consents: state.consents,
    whenLeft: state.whenLeft,
    startedAt: state.startedAt ?? 0,
    finished: isOver(state)
      ? { at: finishedAt ?? 0, outcome: outcome === "migrated" ? "migrated" : "rolled-back" }
      : null,
    stepsDone: Object.fromEntries(done),
    started: Object.keys(state.steps),
    measured: { scores: state.scores, broken: state.broken.slice(0, mostBroken), decisions: state.decisions },
  };
}

export const nodeRecordOf = ({ state, timings }: RunNode, { startedAt }: MigrationState): NodeRecord => ({
  version: 1,
  run: startedAt ?? 0,
  state,
  timings,
});

function stepEvents(record: RunRecord, at: number): readonly EngineEvent[] {
  const begun = record.started.filter((id) => !(id in record.stepsDone));
  type Step = Extract<EngineEvent, { type: "run-step-started" }>["step"];
  return [
    ...Object.entries(record.stepsDone).map(
      ([step, tookMs]): EngineEvent => ({
        type: "run-step-finished",
        at,
        step: step as Step,
        tookMs,
        note: "",
        recalled: true,
      }),
    ),
    ...begun.map((step): EngineEvent => ({ type: "run-step-started", at, step: step as Step })),
  ];
}

function lifeEvents(nodeRecords: Readonly<Record<string, NodeRecord>>, at: number): readonly EngineEvent[] {
  return Object.entries(nodeRecords).flatMap(([node, { state, timings }]): readonly EngineEvent[] => [
    { type: "node-recalled", at, node, state },
    ...Object.entries(timings).map(
      ([step, tookMs]): EngineEvent => ({
        type: "node-step-finished",
        at,
        node,
        step: step as Extract<EngineEvent, { type: "node-step-finished" }>["step"],
        tookMs,
        note: "",
        recalled: true,
      }),
    ),
  ]);
}

/** The events that bring a state to what the cluster's records say: how a run is taken up again by anybody. */
export function recall(
  record: RunRecord,
  nodeRecords: Readonly<Record<string, NodeRecord>>,
  at: number,
): readonly EngineEvent[] {
  const consents = Object.entries(record.consents).map(
    ([consent, given]): EngineEvent => ({
      type: "consent-given",
      at: given.at,
      consent: consent as Extract<EngineEvent, { type: "consent-given" }>["consent"],
      by: given.by,
    }),
  );
  return [
    { type: "run-announced", at: record.startedAt, plan: record.plan, resumed: true },
    { type: "when-left-changed", at, whenLeft: record.whenLeft },
    ...consents,
    { type: "direction-changed", at, direction: record.direction, by: "the record" },
    { type: "measured-recalled", at, measured: record.measured },
    ...stepEvents(record, at),
    ...lifeEvents(nodeRecords, at),
    ...(record.paused
      ? [{ type: "pace-changed", at, pace: "paused", by: "the record", takesHoldAt: "" } as const]
      : []),
  ];
}
