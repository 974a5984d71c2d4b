import type { Outcome } from "../../../src/engine/model/events.ts";
import type { Choice, World } from "../../support/lab/lab-run.ts";

/** A way that a run can go, in which engines are killed. */
export interface Story {
  readonly name: string;
  /** What an engine has done before that nobody kills. */
  readonly before?: (world: World) => Promise<void>;
  /** How each engine of the story is started. */
  readonly choice: Choice;
  /** The same as a command line. */
  readonly args: readonly string[];
  readonly ends: Outcome;
}

async function upTo(world: World, consents: NonNullable<Choice["consents"]>): Promise<void> {
  const run = world.start({ consents, attended: false, holder: "tester@lab/0" });
  const outcome = await run.end();
  if (outcome !== "waiting") throw new Error(`an engine that nobody killed ended ${outcome} (seed ${world.seed})`);
}

/** Both ways, from every place where a way back begins. */
export const stories: readonly Story[] = [
  {
    name: "migration",
    choice: { attended: false },
    args: ["migrate", "--json", "--soak", "0", "--consent", "nodes,finalize,remove-source"],
    ends: "migrated",
  },
  {
    name: "undo of a node",
    // Before the next node is begun: one node is worked on at a time, there and back.
    before: async (world) => {
      const run = world.start({
        consents: ["nodes"],
        holder: "tester@lab/0",
        onEvent: (event, { engine }) => {
          if (event.type === "node-migrated" && event.node === "worker-1") engine.stop();
        },
      });
      await run.end();
    },
    choice: { attended: false, consents: [], rollback: { node: "worker-1" } },
    args: ["rollback", "worker-1", "--yes", "--json"],
    ends: "rolled-back",
  },
  {
    name: "undo of all",
    before: (world) => upTo(world, ["nodes"]),
    choice: { attended: false, consents: [], rollback: "all" },
    args: ["rollback", "--all", "--yes", "--json"],
    ends: "rolled-back",
  },
  {
    name: "undo of all after the final values",
    before: (world) => upTo(world, ["nodes", "finalize"]),
    choice: { attended: false, consents: [], rollback: "all" },
    args: ["rollback", "--all", "--yes", "--json"],
    ends: "rolled-back",
  },
];
