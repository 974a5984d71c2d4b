import { CrossfadeError } from "../engine/model/errors.ts";
import type { Command, Flags, Given, World } from "./command.ts";
import { alertFlags } from "./flags/alert-flags.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { agreedHash, clusterFlags, consentFlags, consentsGiven, isSet, outputFlags } from "./flags/flags.ts";
import { planFlags, planInput } from "./flags/plan-flags.ts";
import { checkAgainstRecord } from "./flags/recorded-flags.ts";
import { type HeadlessChoice, runHeadless } from "./headless/run-headless.ts";
import { visible } from "./headless/visible.ts";
import { whenFree } from "./headless/when-free.ts";
import { sayOnStderr } from "./headless/while-waiting.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";
import { wantsPanel } from "./processes/wants-panel.ts";

const waitFlag = {
  wait: { type: "boolean", help: "headless: wait while another engine holds the run, instead of ending with 5" },
} as const satisfies Flags;

/** Two may have waited: only one gets it, and the other waits on. */
async function waitAndRun(cluster: OpenCluster, choice: HeadlessChoice, json: boolean, world: World): Promise<number> {
  for (;;) {
    await whenFree(cluster.ports, {
      signal: world.signal,
      onHeld: ({ holder, since }) =>
        void world.stderr.write(
          `${visible(`crossfade: waits for the run, held by ${holder} since ${new Date(since).toISOString()}`)}\n`,
        ),
    });
    try {
      return await runHeadless(cluster, choice, json, world);
    } catch (thrown) {
      if (!(thrown instanceof CrossfadeError) || thrown.code !== "LOCK_HELD") throw thrown;
    }
  }
}

/** The panel where there is a terminal, lines where there is none; `recordedRunOnly` goes on with a run and begins none. */
export async function migrateOrGoOn(given: Given, world: World, recordedRunOnly: boolean): Promise<number> {
  const input = planInput(given);
  const consents = consentsGiven(given);
  const agreed = agreedHash(given);
  if (wantsPanel(given, world)) {
    const { panel } = await import("./panel.ts");
    return panel(given, world, { goesOn: true, recordedRunOnly });
  }
  const cluster = await openCluster(given, world, sayOnStderr(world));
  try {
    const choice = { input, consents, recordedRunOnly, checkRecord: checkAgainstRecord(given), ...agreed };
    const json = isSet(given, "json");
    return isSet(given, "wait")
      ? await waitAndRun(cluster, choice, json, world)
      : await runHeadless(cluster, choice, json, world);
  } finally {
    await cluster.close();
  }
}

/** Moves the cluster. */
export const migrate: Command = {
  name: "migrate",
  summary: "Start the migration, or resume the last run",
  flags: {
    ...clusterFlags,
    ...outputFlags,
    ...alertFlags,
    ...consentFlags,
    ...chartAccessFlags,
    ...planFlags,
    ...waitFlag,
  },
  run(given, _operands, world) {
    return migrateOrGoOn(given, world, false);
  },
};
