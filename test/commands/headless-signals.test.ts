import { expect, test } from "vitest";
import { headlessSignals } from "../../src/commands/headless-signals.ts";
import { type Interrupt, Interrupts } from "../../src/commands/interrupts.ts";
import type { EngineRequest } from "../../src/engine/events.ts";
import type { MigrationState } from "../../src/engine/state.ts";
import { states } from "../support/states.ts";

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

test.each<readonly [string, MigrationState, readonly Interrupt[], readonly string[], boolean]>([
  ["SIGINT once pauses", moving(), ["SIGINT"], ["pause"], false],
  ["SIGTERM once pauses", moving(), ["SIGTERM"], ["pause"], false],
  ["SIGINT twice ends", moving(), ["SIGINT", "SIGINT"], ["pause"], true],
  ["a supervisor's SIGTERM after a Ctrl-C ends", moving(), ["SIGINT", "SIGTERM"], ["pause"], true],
  ["a terminal that hangs up pauses, however often it is told", moving(), ["SIGHUP", "nobody-reads"], ["pause"], false],
  ["a run that is to go on when left goes on", continuing(), ["SIGHUP", "nobody-reads", "SIGHUP"], [], false],
  ["after a hang-up SIGTERM is the first wish of a person", continuing(), ["SIGHUP", "SIGTERM"], ["pause"], false],
  ["after Ctrl-C a hang-up asks nothing more", moving(), ["SIGINT", "SIGHUP"], ["pause"], false],
  ["a run that pauses already is not asked again", states.pausing(), ["SIGINT"], [], false],
  ["before the first consent it ends: nothing is changed yet", states["consent-nodes"](), ["SIGINT"], [], true],
  ["after its end it ends", states.done(), ["SIGTERM"], [], true],
])("%s", (_what, state, signals, asked, ended) => {
  expect(after(state, ...signals)).toMatchObject({ asked, ended });
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

test("what nobody takes ends at once", () => {
  const interrupts = new Interrupts();
  interrupts.hear("SIGTERM");
  expect(interrupts.signal.aborted).toBe(true);
});
