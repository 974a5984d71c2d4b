import { expect, test } from "vitest";
import { Unavailable } from "../../../src/engine/model/errors.ts";
import { ApiError } from "../../../src/kube/client/api-error.ts";
import { RequestGate } from "../../../src/kube/client/request-gate.ts";
import { FakeTimer } from "../support/fake-timer.ts";

const { signal } = new AbortController();
const refusal = (status: number, retryAfterMs: number | null = null, causes: ApiError["causes"] = []) =>
  new ApiError(status, "", "go away", { retryAfterMs, causes });

/** What a running engine asks, as loops that each wait and ask again: looks, samples, the lease, nine watches. */
class Askers {
  readonly timer = new FakeTimer();
  readonly gate = new RequestGate(this.timer);
  /** When requests left. */
  readonly sent: number[] = [];
  /** What the server does with each. */
  answer: () => "ok" | ApiError | "none" = () => "ok";

  start(): void {
    const everyMs = [2_000, 1_000, 2_000, 2_000, 10_000, ...Array<number>(9).fill(1_500)];
    for (const [index, ms] of everyMs.entries()) void this.#loop(ms, index === 4);
  }

  since(ms: number): number {
    return this.sent.filter((at) => at >= this.timer.now() - ms).length;
  }

  async #loop(everyMs: number, urgent: boolean): Promise<void> {
    for (;;) {
      let waitMs = everyMs;
      try {
        await this.gate.enter(urgent ? "urgent" : "read", signal);
        this.#ask();
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        waitMs = error.retryAfterMs ?? everyMs;
      }
      await this.timer.sleep(waitMs, signal);
    }
  }

  #ask(): void {
    this.sent.push(this.timer.now());
    const answer = this.answer();
    if (answer === "ok") this.gate.answered(20);
    else if (answer === "none") this.gate.lost("no answer from https://api: connect ECONNREFUSED");
    else this.gate.refused(answer, 20);
  }
}

test("an outage of five minutes costs a probe every few seconds, and nobody storms when it ends", async () => {
  const all = new Askers();
  all.start();
  await all.timer.pass(60_000);
  const calm = all.since(60_000);
  expect(calm).toBeGreaterThan(300);

  all.answer = () => "none";
  await all.timer.pass(300_000);
  const during = all.since(300_000);
  // 14 callers would have knocked about 2,300 times; the lease's own 30 renewals are among these.
  expect(during).toBeGreaterThan(30);
  expect(during).toBeLessThan(110);
  expect(all.gate.circuit.open).toBe(true);

  all.answer = () => "ok";
  await all.timer.pass(10_000);
  expect(all.gate.circuit.open).toBe(false);
  const perSecond = new Map<number, number>();
  for (const at of all.sent.filter((time) => time > all.timer.now() - 10_000)) {
    perSecond.set(Math.floor(at / 1_000), (perSecond.get(Math.floor(at / 1_000)) ?? 0) + 1);
  }
  expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(20);
  await all.timer.pass(60_000);
  expect(all.since(60_000)).toBeGreaterThan(calm * 0.9);
});

test("while the server is gone everybody is told at once what the one that asked has met", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  for (let index = 0; index < 4; index += 1) gate.lost("no answer from https://api: read ECONNRESET");
  await expect(gate.enter("read", signal)).rejects.toThrow("read ECONNRESET");
  await expect(gate.enter("write", signal)).rejects.toThrow("read ECONNRESET");
  // The lease asks whatever is known: its deadline does not wait.
  await gate.enter("urgent", signal);
  await timer.pass(1_000);
  await gate.enter("read", signal);
  // One that looks is enough.
  await expect(gate.enter("read", signal)).rejects.toBeInstanceOf(Unavailable);
  gate.refused(refusal(503), 10);
  await expect(gate.enter("read", signal)).rejects.toThrow("the API server answered 503: go away");
  await timer.pass(8_000);
  await gate.enter("read", signal);
  gate.refused(refusal(403), 10);
  await gate.enter("read", signal);
});

test("a probe that was called off lets another look", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  for (let index = 0; index < 4; index += 1) gate.lost("gone");
  await timer.pass(1_000);
  await gate.enter("read", signal);
  gate.calledOff();
  await gate.enter("read", signal);
});

test("a probe that is never heard of again keeps nobody out for more than a minute", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  for (let index = 0; index < 4; index += 1) gate.lost("gone");
  await timer.pass(1_000);
  await gate.enter("read", signal);
  await timer.pass(59_000);
  await expect(gate.enter("read", signal)).rejects.toThrow("gone");
  await timer.pass(1_000);
  await gate.enter("read", signal);
});

test("three answers that did not come are no outage", async () => {
  const gate = new RequestGate(new FakeTimer());
  for (let round = 0; round < 10; round += 1) {
    for (let index = 0; index < 3; index += 1) gate.lost("cut");
    gate.answered(5);
  }
  await gate.enter("read", signal);
});

test("nothing leaves during a Retry-After, and what waited comes back spread out", async () => {
  const all = new Askers();
  all.start();
  await all.timer.pass(20_000);
  let first = true;
  all.answer = () => {
    if (!first) return "ok";
    first = false;
    return refusal(429, 4_000);
  };
  await all.timer.pass(1_500);
  const refusedAt = all.sent.at(-1) ?? 0;
  await all.timer.pass(10_000);
  const later = all.sent.filter((at) => at > refusedAt && at < refusedAt + 4_000);
  // The lease alone may.
  expect(later.length).toBeLessThanOrEqual(1);
  const back = all.sent.filter((at) => at >= refusedAt + 4_000).slice(0, 10);
  expect(new Set(back.map((at) => Math.round(at))).size).toBeGreaterThan(5);
});

test("a long Retry-After is told instead of waited out in silence", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  gate.refused(refusal(429, 20_000), 10);
  const told = gate.enter("read", signal);
  await expect(told).rejects.toThrow("asks for fewer requests");
  await expect(told).rejects.toMatchObject({ retryAfterMs: 20_000 });
  await timer.pass(20_001);
  await gate.enter("read", signal);
});

test("429s halve the rate once a second down to 2, and a server that is well gets the rate back within a minute", async () => {
  const all = new Askers();
  expect(all.gate.budget.rate).toBe(50);
  for (let index = 0; index < 100; index += 1) all.gate.refused(refusal(429), 10);
  expect(all.gate.budget.rate).toBe(25);
  for (let second = 0; second < 10; second += 1) {
    await all.timer.pass(1_000);
    all.gate.refused(refusal(429), 10);
  }
  expect(all.gate.budget.rate).toBe(2);
  for (let second = 0; second < 60; second += 1) {
    await all.timer.pass(1_000);
    all.gate.answered(10);
  }
  expect(all.gate.budget.rate).toBe(50);
});

test("a budget at 2 a second lets 2 a second out", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  for (let second = 0; second < 10; second += 1) {
    await timer.pass(1_000);
    gate.refused(refusal(429), 10);
  }
  let out = 0;
  const all = Array.from({ length: 40 }, () => gate.enter("read", signal).then(() => (out += 1)));
  await timer.pass(10_000);
  expect(out).toBeGreaterThanOrEqual(20);
  expect(out).toBeLessThanOrEqual(25);
  await timer.pass(20_000);
  await Promise.all(all);
});

test("slowness lowers the rate a little, and never below what a long list needs", async () => {
  const timer = new FakeTimer();
  const { budget } = new RequestGate(timer);
  budget.answered(3_000);
  expect(budget.rate).toBe(45);
  for (let second = 0; second < 60; second += 1) {
    await timer.pass(1_000);
    budget.answered(3_000);
  }
  expect(budget.rate).toBe(5);
});

test("a pod's budget that says no is no overload of the server's, and one that lags is not gone", () => {
  const gate = new RequestGate(new FakeTimer());
  const blocked = { reason: "DisruptionBudget", message: "needs 1", field: "" };
  for (let index = 0; index < 10; index += 1) gate.refused(refusal(429, 10_000, [blocked]), 10);
  for (let index = 0; index < 10; index += 1) {
    gate.refused(new ApiError(504, "Timeout", "Too large resource version: 9, current: 4"), 10);
  }
  expect([gate.budget.rate, gate.budget.closedMs, gate.circuit.open]).toEqual([50, 0, false]);
});

const silence = "the API server does not answer";

test("a server that lets requests in and says nothing is told of after ten seconds, long before they are given up", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  const over = gate.sent();
  await timer.pass(9_000);
  expect(gate.trouble).toBe(null);
  // Another's answer: this one is only slow.
  gate.answered(20);
  await timer.pass(9_000);
  expect(gate.trouble).toBe(null);
  await timer.pass(2_000);
  expect(gate.trouble).toBe(silence);
  gate.answered(20);
  over();
  expect(gate.trouble).toBe(null);
});

test("requests that are given up after ten seconds each hide no silence, and those that are called off make none", async () => {
  const timer = new FakeTimer();
  const gate = new RequestGate(timer);
  for (let tries = 0; tries < 2; tries += 1) {
    const over = gate.sent();
    await timer.pass(10_000);
    gate.lost("https://api did not answer within 10 s", true);
    over();
    await timer.pass(1_000);
    expect(gate.trouble).toBe(silence);
  }
  gate.answered(20);
  const over = gate.sent();
  await timer.pass(2_000);
  gate.calledOff();
  over();
  await timer.pass(60_000);
  expect([gate.trouble, gate.quietMs]).toEqual([null, 62_000]);
});

test("while the server is gone it is said what those who looked met", () => {
  const gate = new RequestGate(new FakeTimer());
  for (let index = 0; index < 4; index += 1) gate.lost("connect ECONNREFUSED");
  expect(gate.trouble).toBe("connect ECONNREFUSED");
  gate.answered(20);
  expect(gate.trouble).toBe(null);
});

test("credentials that are not accepted are told of, though watches that are open tell all", () => {
  const gate = new RequestGate(new FakeTimer());
  gate.refused(refusal(401), 10);
  expect(gate.trouble).toBe("the API server does not accept our credentials (Unauthorized)");
  gate.refused(refusal(404), 10);
  expect(gate.trouble).toBe(null);
});
