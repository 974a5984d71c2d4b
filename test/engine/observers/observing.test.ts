import { describe, expect, test } from "vitest";
import type { EngineEvent, Pace } from "../../../src/engine/model/events.ts";
import { fold } from "../../../src/engine/model/fold.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import { type MigrationState, nothingYet } from "../../../src/engine/model/state.ts";
import { newsOf } from "../../../src/engine/observers/news.ts";
import { differences, isAnother, type Seen, watched } from "../../../src/engine/observers/observing.ts";
import { paceOf } from "../../../src/engine/observers/pace-of.ts";
import { nodeRecordOf, recordOf } from "../../../src/engine/run/recording.ts";
import { type RunStory, run } from "../../support/panel/run-state.ts";
import { type StateName, states } from "../../support/panel/states.ts";

const now = Date.parse("2026-11-22T14:12:05Z");
const holder = "ada@bastion/4121";

/** What the cluster tells of a run whose engine is in this state. */
function seenOf(state: MigrationState, change: Partial<Seen> = {}): Seen {
  const known: MigrationState = { ...state, runner: { holder, since: 5 } };
  return {
    record: recordOf(known),
    nodeRecords: Object.fromEntries(
      known.order.flatMap((name) => {
        const node = known.nodes[name];
        return node && node.state.phase !== "queued" ? [[name, nodeRecordOf(node, state)]] : [];
      }),
    ),
    news: newsOf(known, now),
    lock: { holder, since: 5, renewedAt: now, mine: false, expired: false, stoodStill: false, version: "7" },
    view: new Map(known.order.map((name) => [name, { ready: true }])),
    ...change,
  };
}

const inHand = new Set(["migrating", "rolling-back"]);

/** As much of a state as an observer can know: not what was seen of nodes by exec, nor what steps noted. */
function knowable({
  plan,
  consents,
  direction,
  pace,
  takesHoldAt,
  asking,
  hold,
  whenLeft,
  outcome,
  ...state
}: MigrationState) {
  const nodes = Object.values(state.nodes).map(({ name, state: nodeState, timings, hold: waits }) => {
    return { name, state: nodeState, timings, waits: inHand.has(nodeState.phase) ? waits : null };
  });
  const steps = Object.entries(state.steps).map(([id, step]) => [id, step.state === "done" ? step.state : step]);
  const { order, scores } = state;
  const told = { hash: plan?.hash, consents, direction, pace, takesHoldAt, asking, hold, whenLeft, order, scores };
  return { ...told, outcome: outcome === "migrated" ? outcome : null, nodes, steps };
}

const begun: readonly StateName[] = (Object.keys(states) as StateName[]).filter(
  (name) => states[name]().consents.nodes !== undefined,
);

test.each(begun)("an observer who comes to a run that is %s sees what its engine knows", (name) => {
  const state = states[name]();
  const seen = seenOf(state);
  expect(knowable(watched(seen, now))).toEqual(knowable(state));
});

test.each(begun)("who has seen %s and looks again is told nothing new", (name) => {
  const seen = seenOf(states[name]());
  expect(differences(watched(seen, now), seen, now + 1)).toEqual([]);
});

/** Runs as they go on: each is what the engine's state was one after the other. */
const stories: Readonly<Record<string, readonly ((story: RunStory) => RunStory)[]>> = {
  "a node is set aside and taken back": [
    (story) => story.ready().begun("nodes").at("a", "reboot"),
    (story) => story.failed("a", "reboot"),
    (story) => story.rolledBack("a"),
    (story) => story.deferred("a"),
    (story) => story.at("b", "precheck"),
    (story) => story.migrated("b"),
    (story) => story.rollingBack("a", "rollback-cordon"),
    (story) => story.restored("a"),
  ],
  "a node is moved": [
    (story) => story.ready(),
    (story) => story.begun("nodes"),
    (story) => story.at("a", "precheck"),
    (story) => story.at("a", "drain"),
    (story) => story.at("a", "soak"),
    (story) => story.at("b", "precheck"),
  ],
  "a node fails, is retried and undone": [
    (story) => story.ready().at("a", "precheck"),
    (story) => story.failed("a", "drain"),
    (story) => story.at("a", "drain"),
    (story) => story.failed("a", "verify"),
    (story) => story.rollingBack("a", "rollback-cordon"),
    (story) => story.rollingBack("a", "rollback-verify"),
  ],
  "a step of the run fails and is begun again": [
    (story) => story.consented("nodes").begun("prepare"),
    (story) => story.finished("prepare").begun("install"),
    (story) => story.stepFailed("install"),
    (story) => story.begun("install"),
    (story) => story.finished("install"),
  ],
};

describe.each(Object.entries(stories))("%s", (_name, moments) => {
  test.each([1, 2, 3])("and who looks at every moment of %i sees it all", (every) => {
    let story = run("a", "b");
    let seen: MigrationState | null = null;
    for (const [index, happens] of moments.entries()) {
      story = happens(story);
      if (index % every !== 0 && index !== moments.length - 1) continue;
      const cluster = seenOf(story.state);
      seen = seen === null ? watched(cluster, now) : differences(seen, cluster, now).reduce(fold, seen);
      expect(knowable(seen)).toEqual(knowable(story.state));
    }
  });
});

const typesOf = (events: readonly EngineEvent[]) => events.map(({ type }) => type);
const moved = () => run("a", "b").ready().begun("nodes").at("a", "drain").state;

test("what an engine published that does not hold the lease any more is not believed", () => {
  const state = { ...moved(), pace: "pausing" as const, takesHoldAt: "after a is moved" };
  const seen = seenOf(state, { lock: null });
  expect(watched(seen, now)).toMatchObject({ pace: "paused", takesHoldAt: "", runner: { lease: "free" } });
  const taken = seenOf(state, {
    lock: {
      holder: "eve@there/9",
      since: 9,
      renewedAt: now,
      mine: false,
      expired: false,
      stoodStill: false,
      version: "8",
    },
  });
  expect(watched(taken, now).runner).toEqual({ holder: "eve@there/9", since: 9, lease: "held" });
});

test("a lease that expires, and one that another takes, is told", () => {
  const state = moved();
  const first = watched(seenOf(state), now);
  const lock = { holder, since: 5, renewedAt: now, mine: false, expired: true, stoodStill: true, version: "7" };
  const events = differences(first, seenOf(state, { lock }), now);
  expect(events).toContainEqual({ type: "runner-known", at: now, runner: { holder, since: 5, lease: "expired" } });
});

test("a node that left is let go, and the end of the run is told once", () => {
  const state = moved();
  const first = watched(seenOf(state), now);
  const gone = seenOf(state, { view: new Map([["a", { ready: true }]]) });
  expect(typesOf(differences(first, gone, now))).toContain("node-vanished");

  const record = { ...recordOf(state), finished: { at: now, outcome: "migrated" } } as const;
  const events = differences(first, seenOf(state, { record, lock: null }), now);
  expect(events.at(-1)).toMatchObject({ type: "run-finished", outcome: "migrated" });
  const after = events.reduce(fold, first);
  expect(differences(after, seenOf(state, { record, lock: null }), now)).toEqual([]);
});

test("a hold of a step that is over by now is not shown at the next one", () => {
  const hold = { reason: reason("turn-after", { node: "z" }), since: 1 };
  const held = fold(moved(), { type: "node-held", at: 2, node: "a", hold });
  const later = fold(held, { type: "node-step-started", at: 3, node: "a", step: "reboot" });
  const seen = seenOf(later, { news: newsOf({ ...held, runner: { holder, since: 5 } }, now) });
  expect(watched(seen, now).nodes.a?.hold).not.toEqual(hold);
});

test("another run than the one that is shown is another", () => {
  const state = moved();
  const first = watched(seenOf(state), now);
  expect(isAnother(first, seenOf(state))).toBe(false);
  expect(isAnother(first, seenOf({ ...state, startedAt: 77 }))).toBe(true);
  expect(isAnother(nothingYet, seenOf(state))).toBe(true);
});

test("the record says at once whether a pause was asked for, whatever news of before it say", () => {
  const news = (pace: Pace) => ({ ...newsOf(moved(), now), pace, takesHoldAt: pace === "pausing" ? "after a" : "" });
  expect(paceOf(true, news("running"))).toEqual({ pace: "pausing", takesHoldAt: "" });
  expect(paceOf(true, news("pausing"))).toEqual({ pace: "pausing", takesHoldAt: "after a" });
  expect(paceOf(true, news("paused")).pace).toBe("paused");
  expect(paceOf(false, news("paused")).pace).toBe("running");
  expect(paceOf(true, null).pace).toBe("paused");
});
