import { describe, expect, test } from "vitest";
import { defaultLossBudget } from "../../../../src/engine/model/probing/flow.ts";
import { judgeLoss } from "../../../../src/engine/probes/measured/loss-budget.ts";
import { aFlow, type Outcome } from "../../../support/a-flow.ts";
import { drained, looks, lostIn, moved, play, quiet, start, told } from "../../../support/loss-story.ts";
import { randomFrom } from "../../../truth/random.ts";

describe("whatever is drawn", () => {
  test.each(Array.from({ length: 30 }, (_, seed) => seed))(
    "an outage of any length at any time is measured to one interval (seed %i)",
    (seed) => {
      const random = randomFrom(seed);
      const [from, length] = [5 + random.next() * 20, 0.1 + random.next() * 20];
      const everyMs = random.pick([20, 50, 200, 500]);
      const flow = aFlow({ everyMs });
      const history = play({ flow, outcome: lostIn([from, from + length]), seconds: 60 });
      const longest = Math.max(0, ...history.closed.map(({ unexplainedMs }) => unexplainedMs));
      expect(Math.abs(longest - length * 1_000)).toBeLessThanOrEqual(everyMs + 0.001);
      expect(history.open).toBeNull();
    },
  );

  /** Five nodes that move one after the other: what their own reboots lose is expected, and a few probes in a thousand are lost by chance. */
  function migration(seed: number, broken: { readonly from: number; readonly pair: string } | null) {
    const random = randomFrom(seed);
    const nodes = ["n1", "n2", "n3", "n4", "n5"] as const;
    const steps = nodes.map((node, index) => ({
      node,
      drain: 10 + index * 60,
      reboot: 10 + index * 60 + random.between(5, 15),
      back: 10 + index * 60 + random.between(30, 45),
    }));
    const log = looks(
      [0, quiet],
      ...steps.flatMap(({ node, drain, reboot, back }) => [
        [drain, drained(node)] as const,
        [reboot, moved(node, "reboot")] as const,
        [back, quiet] as const,
      ]),
    );
    const isAway = (node: string, at: number) =>
      steps.some(
        (step) => step.node === node && at >= start + (step.reboot + 1) * 1_000 && at < start + step.back * 1_000,
      );
    const flows = nodes.flatMap((from) =>
      nodes.filter((to) => to !== from).map((to) => aFlow({ id: `${from}>${to}`, from, to })),
    );
    const chance = random.pick([0, 0.0002, 0.0005]);
    const histories = flows.map((flow) => {
      const outcome: Outcome = (at) => {
        if (isAway(flow.from, at) || isAway(flow.to ?? "", at) || random.chance(chance)) return null;
        return broken?.pair === flow.id && at >= start + broken.from * 1_000 ? null : 0.3 + random.next() * 5;
      };
      return play({ flow, outcome, seconds: 330, log, clockMs: random.between(-2_000, 2_000) });
    });
    return judgeLoss(histories, log, defaultLossBudget, { now: start + 332_000 });
  }

  test("no false alarm in 100 undisturbed runs", () => {
    const alarms = Array.from({ length: 100 }, (_, seed) => ({ seed, verdict: migration(seed, null) }))
      .filter(({ verdict }) => verdict.is !== "within")
      .map(({ seed, verdict }) => `seed ${seed}: ${told(verdict)}`);
    expect(alarms).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])("a pair that breaks is found, and no other (seed %i)", (seed) => {
    const verdict = migration(seed, { from: 312, pair: "n2>n4" });
    expect(verdict.trespasses.map(({ kind, flow }) => [kind, flow.id])).toEqual([["failing", "n2>n4"]]);
  });
});
