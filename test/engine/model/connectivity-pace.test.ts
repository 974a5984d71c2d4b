import { expect, test } from "vitest";
import { ConnectivityPace } from "../../../src/engine/model/connectivity-pace.ts";
import type { EngineEvent, PathScore } from "../../../src/engine/model/events.ts";
import type { ProbeAnswer } from "../../../src/engine/model/ports/prober.ts";
import { score } from "../../../src/engine/probes/score.ts";

const good: ProbeAnswer = { result: "good", tookMs: 1 };
const lost: ProbeAnswer = { result: "lost", error: "timed out" };
const unknown: ProbeAnswer = { result: "unknown", why: "no probe" };

/** A sample every 200 ms on one path; answers the times at which a line is told. */
function told(answers: readonly (readonly [times: number, ProbeAnswer, expected?: string])[]) {
  const pace = new ConnectivityPace();
  let scores: readonly PathScore[] = [];
  let at = 0;
  const events: Extract<EngineEvent, { readonly type: "connectivity" }>[] = [];
  const step = (answer: ProbeAnswer, expected?: string) => {
    const sample = { path: "dns", at, between: "worker-1 → dns", answer } as const;
    scores = score(scores, expected === undefined ? sample : { ...sample, expected });
    const event = { type: "connectivity", at, scores } as const;
    if (pace.isDue(event)) events.push(event);
    at += 200;
  };
  for (const [times, answer, expected] of answers) for (let n = 0; n < times; n++) step(answer, expected);
  return { events, last: pace.takeHeldBack(), at };
}

const seconds = ({ events }: ReturnType<typeof told>) => events.map(({ at }) => at / 1_000);

test("what only counts on is told every ten seconds, and the last word is kept", () => {
  const calm = told([[150, good]]);
  expect(seconds(calm)).toEqual([0, 10, 20]);
  expect(calm.last?.scores[0]?.sent).toBe(150);
});

test("a loss, and its end, are told at once", () => {
  expect(
    seconds(
      told([
        [20, good],
        [1, lost],
        [29, good],
      ]),
    ),
  ).toEqual([0, 4, 5]);
});

test("an expected loss too", () => {
  expect(
    seconds(
      told([
        [20, good],
        [1, lost, "worker-1 reboots"],
        [9, good],
      ]),
    ),
  ).toEqual([0, 4, 5]);
});

test("a gap that lasts is told once a second", () => {
  expect(
    seconds(
      told([
        [20, good],
        [20, lost],
        [5, good],
      ]),
    ),
  ).toEqual([0, 4, 5, 6, 7, 8]);
});

test("a path that is not measured any more, and one that is again, are told at once", () => {
  expect(
    seconds(
      told([
        [20, good],
        [20, unknown],
        [20, good],
      ]),
    ),
  ).toEqual([0, 4, 8]);
});

test("ten minutes of a calm run of four nodes are sixty lines", () => {
  expect(told([[3_000, good]]).events).toHaveLength(60);
});
