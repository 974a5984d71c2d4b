import { CrossfadeError } from "../engine/errors.ts";
import type { RunRecord } from "../engine/ports.ts";
import { whoWeAre } from "../runner/holder.ts";
import { socketPath } from "../runner/places.ts";
import { attach } from "../runner/socket-client.ts";
import type { Command, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, isSet, outputFlags } from "./flags.ts";
import { type OpenCluster, openCluster } from "./open-cluster.ts";
import { planFlags, planInput } from "./plan-flags.ts";
import { runHeadless } from "./run-headless.ts";

/** An engine that runs on this machine is asked; otherwise this process takes the run up and undoes. */
async function askRunning(cluster: OpenCluster, node: string | null, world: World): Promise<number | null> {
  const link = await attach(socketPath(cluster.name, world.env));
  if (!link) return null;
  const by = whoWeAre();
  const refused = await link.ask(node === null ? { request: "undo-all", by } : { request: "undo", node, by });
  link.close();
  if (refused !== null) throw new CrossfadeError("UNDO_IMPOSSIBLE", refused, "crossfade status says where the run is");
  world.stdout.write(`the running engine undoes ${node ?? "everything"}: watch it with crossfade\n`);
  return exitCodes.done;
}

function target(operands: readonly string[], all: boolean): string | null {
  const [node, ...more] = operands;
  if (all && node === undefined) return null;
  if (!all && node !== undefined && more.length === 0) return node;
  throw new CrossfadeError(
    "USAGE",
    "undo takes one node, or --all",
    "crossfade undo worker-1, or crossfade undo --all",
  );
}

/** Of a run that has ended, only the way back of everything can be asked for again: it was gone to its end. */
const undoable = ({ finished }: RunRecord, node: string | null): boolean =>
  finished === null || (finished.outcome === "undone" && node === null);

/** Takes one node or everything back to the old CNI. */
export const undo: Command = {
  name: "undo",
  operands: "NODE | --all",
  summary: "Take a node, or everything, back to the old CNI",
  flags: {
    all: { type: "boolean", help: "every node, and Cilium itself" },
    ...clusterFlags,
    ...outputFlags,
    ...planFlags,
  },
  async run(given, operands, world) {
    const node = target(operands, isSet(given, "all"));
    const input = planInput(given);
    const cluster = await openCluster(given, world);
    try {
      const asked = await askRunning(cluster, node, world);
      if (asked !== null) return asked;
      const record = await cluster.ports.records.run();
      if (!record || !undoable(record, node)) {
        throw new CrossfadeError(
          "UNDO_IMPOSSIBLE",
          "no run is recorded on this cluster, so nothing of ours is there to undo",
          "crossfade status",
        );
      }
      const choice = { input, consents: new Set<never>(), undo: node === null ? ("all" as const) : { node } };
      return await runHeadless(cluster, choice, isSet(given, "json"), world);
    } finally {
      await cluster.close();
    }
  },
};
