import { expect, test } from "vitest";
import { jsonEvent } from "../../src/commands/headless/json-event.ts";
import { eventPrinter } from "../../src/commands/headless/print-events.ts";
import { printPlan } from "../../src/commands/headless/print-plan.ts";
import type { EngineEvent } from "../../src/engine/model/events.ts";
import { reason } from "../../src/engine/model/reason.ts";
import { harmlessJson } from "../../src/store/text/foreign.ts";
import { aPlan } from "../support/panel/a-plan.ts";
import { acting, foreignFrames, hostileStrings } from "../support/panel/hostile.ts";
import { aFailure } from "../support/said.ts";

/** One event of each kind that carries words from outside. */
function hostileEvents(next: () => string): readonly EngineEvent[] {
  const at = 1_795_000_000_000;
  const failure = aFailure("COMMAND_FAILED", next(), next());
  const object = { kind: next(), namespace: next(), name: next() };
  const words = { namespace: next(), pod: next(), said: next(), remedy: next(), more: 1, silent: next() };
  const hold = { reason: reason("eviction-refused", words, { object }), since: at };
  const node = next();
  return [
    { type: "runner-known", at, runner: { holder: next(), since: at } },
    { type: "run-step-failed", at, step: "install", failure },
    { type: "consent-given", at, consent: "nodes", by: next() },
    { type: "pace-changed", at, pace: "pausing", by: next(), takesHoldAt: next() },
    { type: "run-held", at, hold },
    { type: "node-held", at, node, hold },
    { type: "node-failed", at, node, step: "drain", failure },
    { type: "node-excluded", at, node, because: next() },
    { type: "log", at, level: "warning", node, note: { code: "plain", params: { text: next() } } },
    { type: "leftovers", at, node, of: "source", left: [next(), next()], unseen: [next()], looked: [next()] },
    { type: "link-changed", at, link: { state: "stale", since: at, detail: next() } },
    { type: "run-finished", at, outcome: "released", reason: reason("lease-released", { to: next() }) },
  ] as readonly EngineEvent[];
}

/** As every reader splits lines: Python's splitlines knows more ends of line than \n. */
const lineEnds = /[\p{Cc}\p{Zl}\p{Zp}]/u;

test("an event is one harmless line for a person, whatever the cluster says", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const lines: string[] = [];
    const print = eventPrinter(false, (line) => lines.push(line));
    for (const event of hostileEvents(hostileStrings(seed))) print(event);
    expect(lines.length).toBeGreaterThan(9);
    for (const line of lines) {
      expect(acting.exec(line)?.[0], `seed ${seed}: ${JSON.stringify(line)}`).toBeUndefined();
      expect(foreignFrames.test(line)).toBe(false);
    }
  }
});

test("an event is one JSON line that says the same, and nothing of it acts where it is shown", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const lines: string[] = [];
    const print = eventPrinter(true, (line) => lines.push(line));
    const events = hostileEvents(hostileStrings(seed));
    for (const event of events) print(event);
    expect(lines).toHaveLength(events.length);
    lines.forEach((line, index) => {
      expect(lineEnds.test(line)).toBe(false);
      expect(/[\p{Cc}\p{Cf}\p{DI}]/u.exec(line)?.[0]).toBeUndefined();
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(jsonEvent(events[index] as EngineEvent))));
    });
  }
});

test("a plan is lines that stay lines", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const next = hostileStrings(seed);
    const plan = aPlan([next(), next(), next()]);
    const hostile = {
      ...plan,
      cluster: { ...plan.cluster, context: next(), server: next(), kubernetesVersion: next() },
      source: { ...plan.source, version: next(), namespace: next() },
      checkResults: plan.checkResults.map((result) => ({
        ...result,
        reason: reason("chart-unread", { chart: next(), failure: aFailure("HELM_FAILED", next(), next()) }),
        objects: [next()],
      })),
      changes: plan.changes.map((change) => ({ ...change, name: next(), why: next() })),
    } as typeof plan;
    const images = { images: [{ image: next(), for: ["Cilium"] }], imagesNotListed: next() };
    for (const line of printPlan(hostile, images, 80)) {
      expect(acting.exec(line)?.[0], `seed ${seed}: ${JSON.stringify(line)}`).toBeUndefined();
    }
  }
});

test("astral characters are escaped as JSON counts them", () => {
  expect(harmlessJson("a\u{e0041}\u009b")).toBe('"a\\udb40\\udc41\\u009b"');
  expect(JSON.parse(harmlessJson({ a: "\u{e0041}" }))).toEqual({ a: "\u{e0041}" });
});
