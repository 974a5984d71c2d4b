import { begins } from "../engine-process.ts";
import type { Part } from "../part.ts";

/** Steps of a node in which the engine dies: before anything is lost, between two networks, while the agent starts. */
const deaths = ["drain", "reboot", "wait-ready"] as const;

/** The engine is killed three times; each next one must go on at that step. */
export const killed: Part = {
  name: "killed",
  summary: "kill -9 of the engine in drain, before the reboot, in the return; the next one goes on",
  async run(bed) {
    const { tally } = bed;
    const exclude = await bed.allButTwo();
    let engine = bed.migrate("nodes", { exclude });
    for (const step of deaths) {
      const event = await engine.until(`a node's ${step}`, begins(step), { limitMs: 1_800_000, from: 0 });
      const node = event.type === "node-step-started" ? event.node : "";
      engine.signal("SIGKILL");
      await engine.ended;
      tally.say(`   killed in ${step} of ${node}`);
      engine = bed.migrate("nodes", { exclude });
      const next = await engine.until("the next step", (later) => later.type === "node-step-started", { from: 0 });
      const same = next.type === "node-step-started" && next.node === node;
      tally.check(`after a death in ${step} the next engine goes on with ${node}`, same, JSON.stringify(next));
    }
    tally.check(
      "the last engine moves every node that takes part (3)",
      (await engine.end(3_600_000)) === 3,
      `${engine.complaints}\n${engine.last()}`,
    );
    await bed.podsReady("after three deaths");
    await bed.rollBackAll();
  },
};
