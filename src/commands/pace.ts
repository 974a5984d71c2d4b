import { defaultPlanInput } from "../engine/plan/plan-input.ts";
import { askRunner } from "../runner/ask-runner.ts";
import { whoWeAre } from "../runner/holder.ts";
import { socketPath } from "../runner/places.ts";
import { attach } from "../runner/socket-client.ts";
import { lines } from "../words/audience.ts";
import { explain } from "../words/explain.ts";
import type { Command, World } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { agreedHash, clusterFlags, consentFlags, consentsGiven, isSet, outputFlags } from "./flags/flags.ts";
import { runHeadless } from "./headless/run-headless.ts";
import { visible } from "./headless/visible.ts";
import { sayingWhile, sayOnStderr, untilTime } from "./headless/while-waiting.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";
import { type RunStanding, standing, whereItStands } from "./status/standing.ts";

/** Null when no engine of ours listens on this machine. */
async function askHere(cluster: OpenCluster, ask: "pause" | "resume", world: World): Promise<string | null> {
  const link = await attach(socketPath(cluster.name, world.env));
  if (!link) return null;
  const refused = await link.ask({ request: ask, by: whoWeAre() });
  link.close();
  if (refused !== null)
    throw new CommandError("USAGE", explain(refused, lines).text, "crossfade status says where the run is");
  return `${ask} asked for: crossfade status says when it takes hold`;
}

/** A runner hears within two seconds, but for the moments in which it cannot reach the cluster. */
const answerWithinMs = 15_000;

const settled = (seen: RunStanding) => seen.record === null || seen.record.finished !== null;

const isFree = ({ lock }: RunStanding): boolean => lock === null || lock.expired;

/** Through the cluster: the runner, wherever it is, answers. */
async function askThere({ ports, say }: OpenCluster, ask: "pause" | "resume", signal: AbortSignal): Promise<string> {
  const { lock } = await standing(ports);
  const what = `asked ${lock?.holder ?? "the runner"} to ${ask}; waits for its answer until ${untilTime(answerWithinMs)}`;
  const answer = await sayingWhile(say, what, () =>
    askRunner(ports, { ask, by: whoWeAre(), waitMs: answerWithinMs, signal }),
  );
  if (answer === null) {
    throw new CommandError(
      "UNREACHABLE",
      `${lock?.holder ?? "somebody"} has the run and did not answer within ${answerWithinMs / 1000} s`,
      "crossfade status says when it was last heard of",
    );
  }
  if (answer.refused !== null)
    throw new CommandError("USAGE", explain(answer.refused, lines).text, "crossfade status says where the run is");
  return `${answer.by} heard it: ${ask === "pause" ? "it pauses at the next safe point" : "it goes on"}`;
}

/** What the runner answered, here or elsewhere; null where nobody runs what there is. */
async function asked(cluster: OpenCluster, ask: "pause" | "resume", world: World): Promise<string | null> {
  const here = await askHere(cluster, ask, world);
  if (here !== null) return here;
  const seen = await standing(cluster.ports);
  if (settled(seen))
    throw new CommandError("USAGE", `no run is under way on this cluster`, "crossfade status says what is recorded");
  return isFree(seen) ? null : askThere(cluster, ask, world.signal);
}

export const pause: Command = {
  name: "pause",
  summary: "Pause the run at its next safe point",
  flags: clusterFlags,
  async run(given, _operands, world) {
    const cluster = await openCluster(given, world, sayOnStderr(world));
    try {
      const said = await asked(cluster, "pause", world);
      // Without an engine nothing moves, which is all that a pause is for.
      const free = "no engine runs it, so nothing moves and there is nothing to pause";
      world.stdout.write(`${visible(said ?? `${free}; ${whereItStands(await standing(cluster.ports))}`)}\n`);
      return exitCodes.done;
    } finally {
      await cluster.close();
    }
  },
};

export const resume: Command = {
  name: "resume",
  summary: "Resume a paused run; if no engine runs, start one here",
  flags: { ...clusterFlags, ...outputFlags, ...consentFlags, ...chartAccessFlags },
  async run(given, _operands, world) {
    const terms = { consents: consentsGiven(given), ...agreedHash(given) };
    const choice = { input: defaultPlanInput, recordedRunOnly: true, ...terms };
    const cluster = await openCluster(given, world, sayOnStderr(world));
    try {
      const said = await asked(cluster, "resume", world);
      if (said === null) {
        world.stderr.write("crossfade: no engine runs it: this process takes it over and continues it\n");
        return await runHeadless(cluster, choice, isSet(given, "json"), world);
      }
      (isSet(given, "json") ? world.stderr : world.stdout).write(`${visible(said)}\n`);
      return exitCodes.done;
    } finally {
      await cluster.close();
    }
  },
};
