import { describe, expect, test } from "vitest";
import { defaultLossBudget, type LossVerdict } from "../../../../src/engine/model/probing/flow.ts";
import { breakdownOf } from "../../../../src/engine/probes/measured/breakdown.ts";
import {
  type Disturbances,
  type DisturbedNow,
  undisturbed,
} from "../../../../src/engine/probes/measured/disturbances.ts";
import { afterCount, afterEnd, afterHole, newHistory } from "../../../../src/engine/probes/measured/flow-history.ts";
import { judgeLoss } from "../../../../src/engine/probes/measured/loss-budget.ts";
import { aFlow, countsOf, type Outcome } from "../../../support/a-flow.ts";
import {
  drained,
  good,
  looks,
  lostIn,
  moved,
  play,
  quiet,
  type Story,
  start,
  told,
} from "../../../support/loss-story.ts";

function judge(story: Story, changes: { readonly now?: number; readonly since?: number } = {}): LossVerdict {
  const seconds = changes.now ?? story.seconds ?? 60;
  return judgeLoss([play(story)], story.log ?? undisturbed, defaultLossBudget, {
    now: start + seconds * 1_000 + (story.clockMs ?? 0),
    since: changes.since === undefined ? null : start + changes.since * 1_000,
  });
}

describe("one flow", () => {
  test.each<[sentence: string, story: Story, verdict: string]>([
    ["all is answered", { outcome: good }, "within"],
    ["one probe is lost", { outcome: lostIn([20, 20.2]) }, "within"],
    ["a gap of a second is within the budget", { outcome: lostIn([20, 21]) }, "within"],
    ["a longer one is not", { outcome: lostIn([20, 21.4]) }, "exceeded, gap 1400"],
    ["and is called open while it is", { outcome: lostIn([50, 99]) }, "exceeded, failing 9200"],
    [
      "three short ones within a minute flap",
      { outcome: lostIn([20, 20.6], [30, 30.6], [40, 40.8]) },
      "exceeded, flapping 800",
    ],
    ["two are none too many", { outcome: lostIn([20, 20.6], [30, 30.6]) }, "within"],
    ["a path that never worked cannot break", { outcome: lostIn([0, 99]), before: lostIn([-99, 0]) }, "within"],
    ["one outside the baseline has to work first", { outcome: lostIn([0, 99]), before: null }, "within"],
    ["and then it can break", { outcome: lostIn([20, 24]), before: null }, "exceeded, gap 4000"],
    [
      "a gap that the baseline had may come again",
      { outcome: lostIn([20, 22]), before: lostIn([-20, -18.6]) },
      "within",
    ],
  ])("%s", (_, story, verdict) => {
    expect(told(judge(story))).toBe(verdict);
  });

  test("a share that is lost all the time exceeds it without any gap", () => {
    const outcome: Outcome = (at) => ((at / 200) % 10 === 0 ? null : 0.5);
    expect(told(judge({ outcome }))).toBe("exceeded, lossy 200");
  });

  test("a smaller share is seen over a longer time", () => {
    const outcome: Outcome = (at) => ((at / 200) % 50 === 0 ? null : 0.5);
    expect(told(judge({ outcome, seconds: 40 }))).toBe("within");
    expect(told(judge({ outcome, seconds: 300 }))).toBe("exceeded, lossy 200");
  });

  test("what it lost in the baseline it may go on losing", () => {
    const outcome: Outcome = (at) => ((at / 200) % 10 === 0 ? null : 0.5);
    expect(told(judge({ outcome, before: outcome }))).toBe("within");
  });

  test("the prober's clock may be an hour off", () => {
    const log = looks([10, moved("b", "reboot")], [40, quiet]);
    const story = { outcome: lostIn([11, 39]), clockMs: 3_600_000 };
    expect(told(judge(story))).toBe("exceeded, gap 28000");
    const shifted: Disturbances = {
      ...log,
      intervals: new Map(
        [...log.intervals].map(([subject, all]) => [
          subject,
          all.map((one) => ({ ...one, from: one.from + 3_600_000, to: (one.to ?? 0) + 3_600_000 })),
        ]),
      ),
    };
    expect(told(judge({ ...story, log: shifted }))).toBe("within");
  });
});

describe("gaps that the run makes", () => {
  const reboot = looks([0, drained("b")], [10, moved("b", "reboot")], [40, quiet]);
  const toApi = aFlow({ id: "api", path: "api-service", to: null });
  const noApi: DisturbedNow = {
    ...quiet,
    disturbance: { away: new Map(), noApiServer: "cp", busy: true },
    doing: "cp: reboot",
  };

  test.each<[sentence: string, story: Story, verdict: string]>([
    ["a node that reboots is silent", { outcome: lostIn([11, 39]), log: reboot }, "within"],
    ["up to two seconds longer", { outcome: lostIn([11, 41.8]), log: reboot }, "within"],
    ["what lasts longer is a gap of its own", { outcome: lostIn([11, 44]), log: reboot }, "exceeded, gap 2000"],
    ["and what began before it too", { outcome: lostIn([5, 39]), log: reboot }, "exceeded, gap 4000"],
    [
      "a pair of others has no such reason",
      { outcome: lostIn([11, 39]), flow: aFlow({ to: "c" }), log: reboot },
      "exceeded, gap 28000",
    ],
    ["nor has the same pair at another time", { outcome: lostIn([45, 50]), log: reboot }, "exceeded, gap 5000"],
    ["while it is drained it has to work", { outcome: lostIn([2, 6]), log: reboot }, "exceeded, gap 4000"],
    [
      "a probe pod that is replaced by anyone",
      { outcome: lostIn([11, 19]), log: looks([10, { ...quiet, replaced: ["b"] }], [20, quiet]) },
      "within",
    ],
    [
      "the API's only node restarts",
      { outcome: lostIn([11, 30]), flow: toApi, log: looks([10, noApi], [30, quiet]) },
      "within",
    ],
    [
      "which is no reason for a pair",
      { outcome: lostIn([11, 30]), log: looks([10, noApi], [30, quiet]) },
      "exceeded, gap 19000",
    ],
  ])("%s", (_, story, verdict) => {
    expect(told(judge(story))).toBe(verdict);
  });

  test("the verdict names since when, and in which step of which node", () => {
    const log = looks([0, quiet], [15, drained("c")], [30, moved("c", "reboot")]);
    const [trespass] = judge({ outcome: lostIn([20, 99]), log }).trespasses;
    expect(trespass).toMatchObject({
      kind: "failing",
      flow: { from: "a", to: "b" },
      since: start + 20_000,
      during: "c: drain",
      error: "timeout",
    });
  });

  test("losses are counted apart: of the run's making, and without a reason", () => {
    const { lost, expected, good: answered } = play({ outcome: lostIn([11, 39], [50, 50.4]), log: reboot });
    expect([lost, expected]).toEqual([2, 140]);
    expect(answered).toBeGreaterThan(140);
  });
});

describe("a person's decision to go on", () => {
  test("settles what was, and nothing that comes", () => {
    const outcome = lostIn([10, 14], [40, 43]);
    expect(told(judge({ outcome }))).toBe("exceeded, gap 4000");
    expect(told(judge({ outcome }, { since: 20 }))).toBe("exceeded, gap 3000");
    expect(told(judge({ outcome }, { since: 50 }))).toBe("within");
  });

  test("a gap that is open goes on to count from then", () => {
    expect(told(judge({ outcome: lostIn([10, 99]) }, { since: 58.6 }))).toBe("within");
    expect(told(judge({ outcome: lostIn([10, 99]) }, { since: 40 }))).toBe("exceeded, failing 19200");
  });
});

describe("what is not measured", () => {
  test("a stream that is lost is unknown, never good", () => {
    expect(judge({ outcome: good }, { now: 66 })).toMatchObject({
      is: "unknown",
      trespasses: [],
      unmeasured: [{ flow: { id: "a>b" }, since: start + 60_000 }],
    });
  });

  test("and never lost", () => {
    const { lost, expected } = play({ outcome: good });
    expect([lost, expected]).toEqual([0, 0]);
    expect(judge({ outcome: good }, { now: 600 }).trespasses).toEqual([]);
  });

  test("a flow without any line is unknown from the beginning", () => {
    const verdict = judgeLoss([newHistory(aFlow())], undisturbed, defaultLossBudget, { now: start });
    expect(verdict).toMatchObject({ is: "unknown", unmeasured: [{ since: null }] });
  });

  test("that a node which reboots says nothing is no news", () => {
    const log = looks([58, moved("a", "reboot")]);
    expect(judge({ outcome: good, log }, { now: 80 }).is).toBe("within");
  });

  test("what exceeds the budget is told although others are unknown", () => {
    const [lossy, silent] = [play({ outcome: lostIn([20, 30]) }), newHistory(aFlow({ id: "other", to: "c" }))];
    const verdict = judgeLoss([silent, lossy], undisturbed, defaultLossBudget, { now: start + 60_000 });
    expect([verdict.is, verdict.trespasses.length, verdict.unmeasured.length]).toEqual(["exceeded", 1, 1]);
  });

  test("lines that were lost make a hole, and no loss", () => {
    expect(afterHole(play({ outcome: good }), 3_000)).toMatchObject({ unknownMs: 3_000, lost: 0 });
  });

  test("an end that had no processor has not lost: the gap is called so once it is heard again", () => {
    const flow = aFlow();
    const counts = countsOf(flow, start, 60, lostIn([20, 24]));
    const history = counts.reduce(
      (known, count, second) =>
        afterCount(
          known,
          count.good > 0 && second >= 24 ? { ...count, peerStallMs: 3_900 } : count,
          { at: start + (second + 1) * 1_000, clockMs: 0, stallMs: 0 },
          undisturbed,
        ),
      newHistory(flow),
    );
    expect(history).toMatchObject({ lost: 0, expected: 0, stalled: 20 });
    expect(judgeLoss([history], undisturbed, defaultLossBudget, { now: start + 60_000 }).is).toBe("within");
  });

  test("a prober that restarts ends its gap as far as it is known", () => {
    const ended = afterEnd(play({ outcome: lostIn([50, 99]) }), undisturbed);
    expect(ended.open).toBeNull();
    expect(ended.closed.at(-1)?.unexplainedMs).toBe(9_200);
  });
});

describe("sums", () => {
  const log = looks([0, drained("c")], [30, { ...quiet, doing: "c: soak" }]);
  const flows = [
    play({ flow: aFlow({ id: "1" }), outcome: lostIn([10, 10.4]), log }),
    play({ flow: aFlow({ id: "2", from: "b", to: "c", path: "source-to-cilium" }), outcome: lostIn([40, 42]), log }),
    play({ flow: aFlow({ id: "3", to: null, path: "dns" }), outcome: good, log }),
  ];
  const { total, byPath, byPair, byNode, byStep } = breakdownOf(flows);

  test("all together, with the longest gap of all and where it was", () => {
    expect(total).toMatchObject({ lost: 12, longestGap: { ms: 2_000, flow: { id: "2" }, during: "c: soak" } });
    expect(total.sent).toBe(flows.reduce((sum, { good: answered, lost }) => sum + answered + lost, 0));
  });

  test("by path, pair, node and step", () => {
    expect([...byPath].map(([path, { lost }]) => [path, lost])).toEqual([
      ["source-to-source", 2],
      ["source-to-cilium", 10],
      ["dns", 0],
    ]);
    expect([...byPair.keys()]).toEqual(["a → b", "b → c", "a → dns"]);
    expect([...byNode].map(([node, { lost }]) => [node, lost])).toEqual([
      ["a", 2],
      ["b", 12],
      ["c", 10],
    ]);
    expect([...byStep].map(([step, { lost, longestGap }]) => [step, lost, longestGap.ms])).toEqual([
      ["c: drain", 2, 400],
      ["c: soak", 10, 2_000],
    ]);
  });
});
