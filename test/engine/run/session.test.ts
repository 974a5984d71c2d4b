import { expect, test } from "vitest";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import { holdRun } from "../../../src/engine/run/holding.ts";
import { Session } from "../../../src/engine/run/session.ts";
import { aPlan } from "../../support/panel/a-plan.ts";

/** A session of which only the clock and the records are asked. */
function aSession() {
  let now = 1_000;
  const pass = (ms: number) => {
    now += ms;
    return Promise.resolve();
  };
  const ports = { clock: { now: () => now }, records: { writeRun: () => pass(20_000) } } as unknown as Ports;
  return { session: new Session(ports, () => undefined), pass };
}

test("the time that an answer takes is no step's: neither a slow look nor a record that has to wait makes a step overdue", async () => {
  const { session, pass } = aSession();
  await session.asking(() => pass(30_000));
  expect(session.step.idleMs).toBe(30_000);
  session.tell({ type: "run-announced", at: 0, plan: aPlan([]), resumed: false });
  session.takeUp();
  await session.advance({ type: "pace-changed", at: 0, pace: "paused", by: "tester", takesHoldAt: "" });
  expect(session.step.idleMs).toBe(50_000);
});

test("an answer that never came is counted where the outage is, and not twice", async () => {
  const { session, pass } = aSession();
  const failing = session.asking(async () => {
    await pass(30_000);
    throw new Error("no answer");
  });
  await expect(failing).rejects.toThrow("no answer");
  expect(session.step.idleMs).toBe(0);
});

test("an outage is one, whatever each request meets: its hold keeps the time at which it began, and names the last cause", async () => {
  const { session, pass } = aSession();
  const meets = (why: string) => holdRun(session, reason("api-unavailable", { detail: why }));
  meets("connect ECONNREFUSED");
  await pass(60_000);
  meets("the API server answered 503");
  expect(session.state.hold).toMatchObject({
    since: 1_000,
    reason: { params: { detail: expect.stringContaining("503") } },
  });
  holdRun(session, reason("turn-after", { node: "a" }));
  expect(session.state.hold?.since).toBe(61_000);
});
