import type { RunRecord } from "../engine/model/ports/records.ts";
import type { Command } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags } from "./flags/flags.ts";
import { checkAgainstRecord } from "./flags/recorded-flags.ts";
import { refuseUnagreed } from "./headless/agree-beforehand.ts";
import { askForRun } from "./headless/ask-for-run.ts";
import { visible } from "./headless/visible.ts";
import { sayOnStderr } from "./headless/while-waiting.ts";
import { migrate, migrateOrGoOn } from "./migrate.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";
import { wantsPanel } from "./processes/wants-panel.ts";

/** To take over is to go on with a run that is there: never to begin one. */
async function runToTakeOver({ ports }: OpenCluster): Promise<RunRecord> {
  const record = await ports.records.run();
  if (record !== null && record.finished === null) return record;
  throw new CommandError(
    "USAGE",
    record === null
      ? "no run is recorded on this cluster: there is nothing to take over"
      : "the last run is over: there is nothing to take over",
    "crossfade plan shows what a run would do, crossfade migrate begins one",
  );
}

/** Asks for the run where somebody has it, then goes on with it here. */
export const takeOver: Command = {
  name: "take-over",
  summary: "Take the run over from its current holder",
  flags: migrate.flags,
  async run(given, _operands, world) {
    const cluster = await openCluster(given, world, sayOnStderr(world));
    try {
      const record = await runToTakeOver(cluster);
      checkAgainstRecord(given)(record);
      refuseUnagreed(record, cluster.name, given, world);
      const from = await askForRun(cluster, world);
      if (from !== null && !wantsPanel(given, world))
        world.stderr.write(`${visible(`crossfade: ${from} released the lease`)}\n`);
    } finally {
      await cluster.close();
    }
    // Whoever had it may have come to its end before letting go.
    return migrateOrGoOn(given, world, true);
  },
};

/** Releases the lease: the running engine ends after its current step, and no other starts. */
export const release: Command = {
  name: "release",
  summary: "Stop the running engine after its current step and release the lease",
  flags: clusterFlags,
  async run(given, _operands, world) {
    const cluster = await openCluster(given, world, sayOnStderr(world));
    try {
      const from = await askForRun(cluster, world);
      const said =
        from === null
          ? "no engine holds the run: there is nothing to release"
          : `${from} released the lease: crossfade resume, or crossfade take-over, goes on with it`;
      world.stdout.write(`${visible(said)}\n`);
      return exitCodes.done;
    } finally {
      await cluster.close();
    }
  },
};
