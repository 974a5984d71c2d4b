import { beforeEach, describe, expect, test } from "vitest";
import { defaultLossBudget, type Flow } from "../../../../src/engine/model/probing/flow.ts";
import type { ProberLine } from "../../../../src/engine/model/probing/prober-line.ts";
import { Measurement } from "../../../../src/engine/probes/measured/measurement.ts";
import { aFlow, countsOf, type Outcome } from "../../../support/a-flow.ts";
import { drained, good, lostIn, moved, quiet, start } from "../../../support/loss-story.ts";

const toB = aFlow({ id: "udp/b" });
const toC = aFlow({ id: "udp/c", to: "c" });

/** The lines of prober a about its flows, a second each. */
function linesOf(seconds: number, flows: readonly (readonly [Flow, Outcome])[], changes: Partial<ProberLine> = {}) {
  const counts = flows.map(([flow, outcome]) => countsOf(flow, start, seconds, outcome));
  return Array.from(
    { length: seconds },
    (_, second): ProberLine => ({
      me: "a",
      boot: "1",
      number: second + 1,
      at: start + (second + 1) * 1_000,
      generation: "g1",
      stallMs: 0,
      badTargets: 0,
      problems: [],
      flows: counts.flatMap((of) => of[second] ?? []),
      heardFrom: {},
      events: [],
      moreEvents: 0,
      ...changes,
    }),
  );
}

let measured: Measurement;
const take = (lines: readonly ProberLine[], delayMs = 30) => {
  for (const line of lines) measured.take(line, line.at + delayMs);
};
const judged = (at: number, since: number | null = null) =>
  measured.judge(defaultLossBudget, { now: start + at * 1_000, since });

beforeEach(() => {
  measured = new Measurement();
  measured.look(start, quiet);
  measured.asked("a", "g1", [toB, toC]);
});

test("before the first line all is unknown", () => {
  expect(judged(1)).toMatchObject({ is: "unknown", unmeasured: [{ flow: toB }, { flow: toC }] });
});

test("from lines to sums and the verdict", () => {
  measured.look(start + 15_000, drained("c"));
  take(
    linesOf(60, [
      [toB, good],
      [toC, lostIn([20, 24])],
    ]),
  );
  expect(judged(60)).toMatchObject({
    is: "exceeded",
    trespasses: [{ kind: "gap", flow: toC, lost: 20, during: "c: drain" }],
  });
  const { total, byPair } = measured.sums();
  expect(total).toMatchObject({ lost: 20, longestGap: { ms: 4_000 } });
  expect(byPair.get("a → b")?.lost).toBe(0);
});

test("lines that come twice are counted once", () => {
  const lines = linesOf(30, [
    [toB, good],
    [toC, good],
  ]);
  take(lines);
  const { sent } = measured.sums().total;
  take(lines.slice(10));
  expect(measured.sums().total.sent).toBe(sent);
});

test("lines that never came are a hole: neither good nor lost", () => {
  const lines = linesOf(60, [
    [toB, good],
    [toC, good],
  ]);
  take(lines.filter((_, second) => second < 20 || second >= 30));
  expect(measured.sums().total).toMatchObject({ lost: 0, unknownMs: 20_000 });
  expect(judged(60).is).toBe("within");
  expect(judged(70).is).toBe("unknown");
});

test("a clock that is an hour off moves nothing: gaps are told by the engine's", () => {
  take(linesOf(60, [[toB, lostIn([20, 24])]]), -3_600_000);
  expect(measured.judge(defaultLossBudget, { now: start - 3_600_000 + 60_000 }).trespasses).toMatchObject([
    { since: start - 3_600_000 + 20_000, gapMs: 4_000 },
  ]);
});

test("counts of an older list belong to what was asked then", () => {
  take(
    linesOf(20, [
      [toB, good],
      [toC, good],
    ]),
  );
  // b is on the other network now; a second passes before the prober has read of it.
  const moved = { ...toB, path: "source-to-cilium" } as const;
  measured.asked("a", "g2", [moved, toC]);
  const late = linesOf(22, [
    [toB, good],
    [toC, good],
  ]).slice(20);
  take(late);
  take(
    linesOf(
      25,
      [
        [toB, good],
        [toC, good],
      ],
      { generation: "g2" },
    ).slice(22),
  );
  const { byPath } = measured.sums();
  expect(byPath.get("source-to-cilium")?.sent).toBe(15);
  expect(byPath.get("source-to-source")?.sent).toBe(22 * 5 + 25 * 5);
});

test("what is asked no more is still judged, and not missed", () => {
  take(
    linesOf(30, [
      [toB, lostIn([10, 13])],
      [toC, good],
    ]),
  );
  measured.asked("a", "g2", [toC]);
  take(linesOf(60, [[toC, good]], { generation: "g2" }).slice(30));
  expect(judged(60)).toMatchObject({ is: "exceeded", unmeasured: [], trespasses: [{ flow: toB }] });
  expect(judged(60, start + 20_000).is).toBe("within");
});

describe("the baseline", () => {
  test("a pair that worked in it may not fail on its new path", () => {
    take(
      linesOf(30, [
        [toB, good],
        [toC, good],
      ]),
    );
    measured.endBaseline();
    measured.asked("a", "g2", [{ ...toB, path: "source-to-cilium" }, toC]);
    take(
      linesOf(
        60,
        [
          [toB, lostIn([30, 99])],
          [toC, good],
        ],
        { generation: "g2" },
      ).slice(30),
    );
    expect(judged(60)).toMatchObject({
      is: "exceeded",
      trespasses: [{ kind: "failing", flow: { path: "source-to-cilium" } }],
    });
  });

  test("and one that did not work in it cannot break", () => {
    take(
      linesOf(30, [
        [toB, lostIn([0, 99])],
        [toC, good],
      ]),
    );
    measured.endBaseline();
    take(
      linesOf(60, [
        [toB, lostIn([0, 99])],
        [toC, good],
      ]).slice(30),
    );
    expect(judged(60).is).toBe("within");
  });

  test("its losses are not the run's", () => {
    take(
      linesOf(30, [
        [toB, lostIn([10, 12])],
        [toC, good],
      ]),
    );
    measured.endBaseline();
    expect(measured.sums().total.lost).toBe(0);
  });
});

describe("a connection that breaks", () => {
  const broken = { what: "broken", id: "udp/b", at: start + 20_500, heldMs: 19_000, why: "reset" } as const;

  test("is an event", () => {
    take(linesOf(21, [[toB, good]], { events: [] }).slice(0, 20));
    take(linesOf(21, [[toB, good]], { events: [broken] }).slice(20));
    expect(measured.broken).toEqual([{ flow: toB, at: start + 20_530, heldMs: 19_000, why: "reset", expected: "" }]);
  });

  test("which the run may have made", () => {
    measured.look(start + 15_000, moved("b", "reboot"));
    take(linesOf(21, [[toB, good]], { events: [broken] }).slice(20));
    expect(measured.broken[0]?.expected).toBe("b is being moved (reboot)");
  });
});

test("a prober that was restarted begins anew, and its gap ends as it is known", () => {
  take(linesOf(30, [[toB, lostIn([28, 99])]]));
  measured.take({ ...(linesOf(1, [[toB, good]])[0] as ProberLine), boot: "2", at: start + 32_000 }, start + 32_030);
  expect(measured.histories.find(({ flow }) => flow.id === "udp/b")).toMatchObject({ open: null, lost: 6 });
});

test("lines of nobody that was asked are no harm", () => {
  take(linesOf(5, [[toB, good]], { me: "stranger" }));
  take(linesOf(5, [[aFlow({ id: "other" }), good]]));
  expect(measured.sums().total.sent).toBe(0);
});
