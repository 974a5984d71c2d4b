import { toFailure } from "../engine/model/errors.ts";
import { underWay } from "../engine/run/open-run.ts";
import { LocalAgreements } from "../runner/agreements.ts";
import { runEngineProcess } from "../runner/engine-process.ts";
import { agreementsPath, journalPath, socketPath } from "../runner/places.ts";
import type { Command, World } from "./command.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { agreedHash, clusterFlags, consentFlags, consentsGiven, isSet } from "./flags/flags.ts";
import { planFlags, planInput } from "./flags/plan-flags.ts";
import { checkAgainstRecord } from "./flags/recorded-flags.ts";
import { goOnFlag, recordedRunFlag, staleLeaseFlag } from "./flags/starting-flags.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";
import { parentGone, tellParent, tiedFlag } from "./processes/tell-parent.ts";

/** The first signal to end is a request to pause; one of a terminal, which this process does not have, is none. */
export function farewellOf({ interrupts }: Pick<World, "interrupts">): AbortSignal {
  const farewell = new AbortController();
  interrupts?.takenBy((why) => {
    if (why === "SIGHUP" || why === "nobody-reads") return true;
    if (farewell.signal.aborted) return false;
    farewell.abort();
    return true;
  });
  return farewell.signal;
}

/** Whoever starts us then watches instead, without having attached first. */
async function refuseUnderWay({ ports }: OpenCluster, goesOn: boolean): Promise<void> {
  const record = await ports.records.run();
  if (record === null || record.finished !== null) return;
  const why = await underWay(ports);
  if (!goesOn || why.code === "LOCK_HELD") throw why;
}

/** The engine's own process: started by the panel, it outlives it. */
export const engine: Command = {
  name: "engine",
  summary: "Run the engine behind a socket that panels attach to",
  hidden: true,
  flags: {
    ...clusterFlags,
    ...consentFlags,
    ...chartAccessFlags,
    ...planFlags,
    ...tiedFlag,
    ...staleLeaseFlag,
    ...goOnFlag,
    ...recordedRunFlag,
  },
  async run(given, _operands, world) {
    const tied = isSet(given, "tied");
    const goesOn = isSet(given, "go-on");
    try {
      // Its own stderr is a log that nobody reads now: whoever started it has a screen.
      const cluster = await openCluster(given, world, (sentence) => tellParent({ waits: sentence }));
      try {
        await refuseUnderWay(cluster, goesOn);
        const outcome = await runEngineProcess({
          ports: cluster.ports,
          socket: socketPath(cluster.name, world.env),
          journal: journalPath(cluster.name, world.env),
          choice: {
            input: planInput(given),
            consents: consentsGiven(given),
            attended: true,
            newRunOnly: !goesOn,
            recordedRunOnly: isSet(given, "recorded-run-only"),
            agreements: new LocalAgreements(agreementsPath(cluster.name, world.env)),
            checkRecord: checkAgainstRecord(given),
            ...agreedHash(given),
          },
          onListening: () => tellParent({ listening: true }),
          onPlanned: () => tellParent({ planned: true }, tied),
          farewell: farewellOf(world),
          signal: tied ? AbortSignal.any([world.signal, parentGone()]) : world.signal,
        });
        return exitCodeOf(outcome);
      } finally {
        await cluster.close();
      }
    } catch (thrown) {
      tellParent({ failure: toFailure(thrown) });
      throw thrown;
    }
  },
};
