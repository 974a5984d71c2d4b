import { expect, test } from "vitest";
import { barsNext } from "../../../src/engine/decide/broken-paths.ts";
import type { Decision, EngineEvent, PathScore } from "../../../src/engine/model/events.ts";
import { fold } from "../../../src/engine/model/fold.ts";
import { notAskedYet } from "../../../src/engine/model/measured.ts";
import type { NodeRecord, RunRecord } from "../../../src/engine/model/ports/records.ts";
import { type MigrationState, nothingYet } from "../../../src/engine/model/state.ts";
import { recall, recordOf } from "../../../src/engine/run/recording.ts";
import { run } from "../../support/panel/run-state.ts";

const decided = (at: number, request: Decision["request"], ...about: readonly string[]): EngineEvent => ({
  type: "decided",
  at,
  decision: { at, by: "ada@bastion", request, about },
});

const scores = (lost: number): readonly PathScore[] => [
  {
    path: "dns",
    sent: 100 + lost,
    lost,
    expected: 2,
    unknown: 5,
    longestGapMs: 2_000,
    lastOkAt: 1,
    lastError: "timed out",
    lastErrorBetween: "a → DNS",
    notMeasured: "",
  },
];

const told = (state: MigrationState, ...events: readonly EngineEvent[]) => events.reduce(fold, state);
const noRecords: Readonly<Record<string, NodeRecord>> = {};
/** What an engine knows that takes the run up from its record alone. */
const takenUp = (record: RunRecord) => recall(record, noRecords, 9).reduce(fold, nothingYet);

test("three losses of the first engine are three after five more, and every decision is told once", () => {
  let state = told(
    run("a", "b").ready().broke("a", "b").state,
    decided(1, "consent", "nodes"),
    decided(2, "exclude", "b"),
    { type: "connectivity", at: 3, scores: scores(3) },
  );
  for (let killed = 0; killed < 5; killed++) {
    state = takenUp(recordOf(state));
    state = told(state, decided(10 + killed, "resume"));
  }
  expect(state.scores).toEqual(scores(3));
  expect(state.broken.map(({ between }) => between)).toEqual(["a → b"]);
  expect(state.decisions.map(({ at, request }) => [at, request])).toEqual([
    [1, "consent"],
    [2, "exclude"],
    [10, "resume"],
    [11, "resume"],
    [12, "resume"],
    [13, "resume"],
    [14, "resume"],
  ]);
});

test("an engine that takes the run up asks a broken path again before it calls for a person", () => {
  const first = run("a", "b").ready().broke("a", "b").state;
  const [path] = first.broken;
  if (!path) throw new Error("nothing is broken");
  const lasting = told(first, { type: "path-broken", at: 5, broken: { ...path, lasting: true } });
  const views = new Map(["a", "b"].map((name) => [name, { ready: true }]));
  expect(barsNext(lasting, views)?.clearedBy).toBe("person");
  const record = recordOf(lasting);
  const next = takenUp({ ...record, measured: notAskedYet(record.measured) });
  expect(barsNext(next, views)).toMatchObject({ params: barsNext(lasting, views)?.params, clearedBy: "cluster" });
});

test("a journal that holds what the record holds too tells each decision once, in the order of time", () => {
  const first = told(run("a", "b").ready().state, decided(5, "pause"), decided(1, "consent", "nodes"));
  const events = recall(recordOf(first), noRecords, 9);
  const replayed = told(first, ...events, decided(12, "rollback", "a"));
  expect(replayed.decisions.map(({ at, request }) => [at, request])).toEqual([
    [1, "consent"],
    [5, "pause"],
    [12, "rollback"],
  ]);
});

test("another run begins with nothing", () => {
  const before = told(run("a").ready().state, decided(1, "pause"), { type: "connectivity", at: 3, scores: scores(3) });
  const { plan } = before;
  if (!plan) throw new Error("no plan");
  const next = told(before, { type: "run-announced", at: 20, plan, resumed: false });
  expect([next.decisions, next.scores, next.broken]).toEqual([[], [], []]);
});
