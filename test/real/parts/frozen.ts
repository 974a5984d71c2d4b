import { begins } from "../engine-process.ts";
import type { Part } from "../part.ts";

/** Longer than the lease. */
const frozenMs = 70_000;

/** An engine that stands still does not write when it wakes up and another has the run. */
export const frozen: Part = {
  name: "frozen",
  summary: "the engine is stopped for 70 s at a node's reboot; another takes over, the first one writes nothing more",
  async run(bed) {
    const { tally } = bed;
    const exclude = await bed.allButTwo();
    const first = bed.migrate("nodes", { exclude });
    await first.until("a node's reboot", begins("reboot"), { limitMs: 1_800_000, from: 0 });
    first.signal("SIGSTOP");
    const stoppedAt = Date.now();
    const second = bed.start(["migrate", "--headless", "--consent", "nodes", "--exclude", exclude.join(","), "--wait"]);
    await second.until("the second engine to have the run", (event) => event.type === "runner-known", {
      from: 0,
      limitMs: 240_000,
    });
    const tookOverMs = Date.now() - stoppedAt;
    tally.check(`another engine took over after ${Math.round(tookOverMs / 1000)} s`, tookOverMs < 150_000);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, frozenMs - tookOverMs)));
    const before = first.events.length;
    first.signal("SIGCONT");
    const code = await first.end(60_000);
    tally.check("the first one ends with 5 when it wakes up", code === 5, `${code}: ${first.complaints}`);
    const wrote = first.events.slice(before).filter(({ type }) => type === "node-step-started");
    tally.check("and begins no step", wrote.length === 0, JSON.stringify(wrote));
    tally.check(
      "the second moves every node that takes part (3)",
      (await second.end(3_600_000)) === 3,
      `${second.complaints}\n${second.last()}`,
    );
    await bed.podsReady("after the frozen engine");
    await bed.rollBackAll();
  },
};
