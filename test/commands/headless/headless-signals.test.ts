import { expect, test } from "vitest";
import { farewellOf } from "../../../src/commands/engine.ts";
import { headlessSignals } from "../../../src/commands/headless/headless-signals.ts";
import { type Interrupt, Interrupts } from "../../../src/commands/headless/interrupts.ts";
import type { EngineRequest } from "../../../src/engine/model/events.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { states } from "../../support/panel/states.ts";

/** Signals a second apart, on a run in this state. */
function after(state: MigrationState, ...signals: readonly Interrupt[]) {
  const asked: EngineRequest[] = [];
  const said: string[] = [];
  let now = 0;
  const interrupts = new Interrupts(() => now);
  const ask = (request: EngineRequest) => {
    asked.push(request);
    return Promise.resolve(null);
  };
  interrupts.takenBy(
    headlessSignals({ engine: { state: () => state, ask }, by: "ada@bastion", say: (text) => void said.push(text) }),
  );
  for (const signal of signals) {
    now += 1_000;
    interrupts.hear(signal);
  }
  return { asked: asked.map(({ request }) => request), ended: interrupts.signal.aborted, said };
}

const moving = () => states["draining-held"]();
const continuing = (): MigrationState => ({ ...moving(), whenLeft: "continue" });

type Told = { readonly state: MigrationState; readonly signals: readonly Interrupt[] };
type Done = { readonly asked: readonly string[]; readonly ended: boolean };

test.each<readonly [string, Told, Done]>([
  ["SIGINT once pauses", { state: moving(), signals: ["SIGINT"] }, { asked: ["pause"], ended: false }],
  ["SIGTERM once pauses", { state: moving(), signals: ["SIGTERM"] }, { asked: ["pause"], ended: false }],
  ["SIGINT twice ends", { state: moving(), signals: ["SIGINT", "SIGINT"] }, { asked: ["pause"], ended: true }],
  [
    "a supervisor's SIGTERM after a Ctrl-C ends",
    { state: moving(), signals: ["SIGINT", "SIGTERM"] },
    { asked: ["pause"], ended: true },
  ],
  [
    "a terminal that hangs up pauses, however often it is told",
    { state: moving(), signals: ["SIGHUP", "nobody-reads"] },
    { asked: ["pause"], ended: false },
  ],
  [
    "a run that is to go on when left goes on",
    { state: continuing(), signals: ["SIGHUP", "nobody-reads", "SIGHUP"] },
    { asked: [], ended: false },
  ],
  [
    "after a hang-up SIGTERM is the first wish of a person",
    { state: continuing(), signals: ["SIGHUP", "SIGTERM"] },
    { asked: ["pause"], ended: false },
  ],
  [
    "after Ctrl-C a hang-up asks nothing more",
    { state: moving(), signals: ["SIGINT", "SIGHUP"] },
    { asked: ["pause"], ended: false },
  ],
  [
    "a run that pauses already is not asked again",
    { state: states.pausing(), signals: ["SIGINT"] },
    { asked: [], ended: false },
  ],
  [
    "before the first consent it ends: nothing is changed yet",
    { state: states["consent-nodes"](), signals: ["SIGINT"] },
    { asked: [], ended: true },
  ],
  ["after its end it ends", { state: states.done(), signals: ["SIGTERM"] }, { asked: [], ended: true }],
])("%s", (_what, { state, signals }, done) => {
  expect(after(state, ...signals)).toMatchObject(done);
});

test("each sentence says when the pause takes hold and what to do to leave now", () => {
  expect(after(states.pausing(), "SIGINT").said).toEqual([
    `pausing ${states.pausing().takesHoldAt}; press Ctrl-C again to leave now`,
  ]);
  expect(after(moving(), "SIGTERM").said.join()).toMatch(/^pausing .*; a second SIGTERM leaves now$/);
});

test("one Ctrl-C that npm hands on as well is one", () => {
  let now = 0;
  const interrupts = new Interrupts(() => now);
  let taken = 0;
  interrupts.takenBy(() => ++taken === 1);
  interrupts.hear("SIGINT");
  now += 20;
  interrupts.hear("SIGINT");
  expect(interrupts.signal.aborted).toBe(false);
  now += 1_000;
  interrupts.hear("SIGINT");
  expect(interrupts.signal.aborted).toBe(true);
});

test.each<readonly [string, readonly Interrupt[], { readonly farewell: boolean; readonly ended: boolean }]>([
  ["SIGTERM once brings it to its safe point", ["SIGTERM"], { farewell: true, ended: false }],
  ["SIGINT once brings it to its safe point", ["SIGINT"], { farewell: true, ended: false }],
  ["a second signal ends it now", ["SIGTERM", "SIGINT"], { farewell: true, ended: true }],
  ["a terminal that is gone is none of its business", ["SIGHUP", "nobody-reads"], { farewell: false, ended: false }],
])("an engine behind its socket: %s", (_what, signals, expected) => {
  let now = 0;
  const interrupts = new Interrupts(() => now);
  const farewell = farewellOf({ interrupts });
  for (const signal of signals) {
    now += 1_000;
    interrupts.hear(signal);
  }
  expect({ farewell: farewell.aborted, ended: interrupts.signal.aborted }).toEqual(expected);
});

test("what nobody takes ends at once", () => {
  const interrupts = new Interrupts();
  interrupts.hear("SIGTERM");
  expect(interrupts.signal.aborted).toBe(true);
});
