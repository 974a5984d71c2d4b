import { CrossfadeError } from "../engine/errors.ts";
import { askElsewhere } from "../runner/ask-elsewhere.ts";
import { whoWeAre } from "../runner/holder.ts";
import { socketPath } from "../runner/places.ts";
import { attach } from "../runner/socket-client.ts";
import type { Command, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags } from "./flags.ts";
import { type OpenCluster, openCluster } from "./open-cluster.ts";
import { type RunStanding, standing, whereItStands } from "./standing.ts";
import { visible } from "./visible.ts";

/** Null when no engine of ours listens on this machine. */
async function askHere(cluster: OpenCluster, ask: "pause" | "resume", world: World): Promise<string | null> {
  const link = await attach(socketPath(cluster.name, world.env));
  if (!link) return null;
  const refused = await link.ask({ request: ask, by: whoWeAre() });
  link.close();
  if (refused !== null) throw new CrossfadeError("USAGE", refused, "crossfade status says where the run is");
  return `${ask} asked for: crossfade status says when it takes hold`;
}

/** A runner hears within two seconds, but for the moments in which it cannot reach the cluster. */
const answerWithinMs = 15_000;

const settled = (seen: RunStanding) => seen.record === null || seen.record.finished !== null;

/** Through the cluster: the runner, wherever it is, answers. */
async function askThere({ ports }: OpenCluster, ask: "pause" | "resume", signal: AbortSignal): Promise<string> {
  const seen = await standing(ports);
  if (settled(seen))
    throw new CrossfadeError("USAGE", `no run is under way on this cluster`, "crossfade status says what is recorded");
  if (seen.lock === null || seen.lock.expired) return nobodyRuns(ask, seen);
  const answer = await askElsewhere(ports, { ask, by: whoWeAre(), waitMs: answerWithinMs, signal });
  if (answer === null) {
    throw new CrossfadeError(
      "UNREACHABLE",
      `${seen.lock.holder} has the run and did not answer within ${answerWithinMs / 1000} s`,
      "crossfade status says when it was last heard of",
    );
  }
  if (answer.refused !== null)
    throw new CrossfadeError("USAGE", answer.refused, "crossfade status says where the run is");
  return `${answer.by} heard it: ${ask === "pause" ? "it pauses at the next safe point" : "it goes on"}`;
}

/** Without an engine nothing moves, which is all that a pause is for; to go on, one must be started. */
function nobodyRuns(ask: "pause" | "resume", seen: RunStanding): string {
  const where = whereItStands(seen);
  if (ask === "pause") return `nobody runs it, so nothing moves and there is nothing to pause; ${where}`;
  throw new CrossfadeError(
    "USAGE",
    `no engine holds the run, so nothing can be resumed from here; ${where}`,
    "go on with crossfade, or crossfade migrate --headless",
  );
}

const pace = (ask: "pause" | "resume", summary: string): Command => ({
  name: ask,
  summary,
  flags: clusterFlags,
  async run(given, _operands, world) {
    const cluster = await openCluster(given, world);
    try {
      const said = (await askHere(cluster, ask, world)) ?? (await askThere(cluster, ask, world.signal));
      world.stdout.write(`${visible(said)}\n`);
      return exitCodes.done;
    } finally {
      await cluster.close();
    }
  },
});

export const pause = pace("pause", "Let the run pause at its next safe point");
export const resume = pace("resume", "Let a paused run go on");
