import { CrossfadeError } from "../engine/errors.ts";
import { whoWeAre } from "../runner/holder.ts";
import { socketPath } from "../runner/places.ts";
import { attach } from "../runner/socket-client.ts";
import type { Command, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags } from "./flags.ts";
import { type OpenCluster, openCluster } from "./open-cluster.ts";

async function askHere(cluster: OpenCluster, ask: "pause" | "resume", world: World): Promise<boolean> {
  const link = await attach(socketPath(cluster.name, world.env));
  if (!link) return false;
  const refused = await link.ask({ request: ask, by: whoWeAre() });
  link.close();
  if (refused !== null) throw new CrossfadeError("USAGE", refused, "crossfade status says where the run is");
  return true;
}

/** Through the cluster's record: the runner, wherever it is, reads it within two seconds. */
async function askThere({ ports }: OpenCluster, ask: "pause" | "resume"): Promise<void> {
  const record = await ports.records.run();
  if (!record || record.finished) {
    throw new CrossfadeError("USAGE", "no run is recorded on this cluster", "start one with crossfade migrate");
  }
  if (ask === "resume" && (await ports.lock.state())?.expired !== false) {
    throw new CrossfadeError(
      "USAGE",
      "no engine holds the run, so nothing can be resumed from here",
      "go on with crossfade, or crossfade migrate --headless",
    );
  }
  await ports.records.postRequest({ ask, by: whoWeAre(), at: Date.now() });
}

const pace = (ask: "pause" | "resume", summary: string): Command => ({
  name: ask,
  summary,
  flags: clusterFlags,
  async run(given, _operands, world) {
    const cluster = await openCluster(given, world);
    try {
      if (!(await askHere(cluster, ask, world))) await askThere(cluster, ask);
      world.stdout.write(`${ask} asked for: crossfade status says when it takes hold\n`);
      return exitCodes.done;
    } finally {
      await cluster.close();
    }
  },
});

export const pause = pace("pause", "Let the run pause at its next safe point");
export const resume = pace("resume", "Let a paused run go on");
