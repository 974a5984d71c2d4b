import { heldBy } from "../engine/run/open-run.ts";
import { holderName } from "../runner/holder.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, isSet } from "./flags/flags.ts";
import { visible } from "./headless/visible.ts";
import { sayOnStderr, untilTime } from "./headless/while-waiting.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";
import { repairLines } from "./status/repair-lines.ts";

/** Under the lease: an engine at work knows better, and would write over it. */
async function accept({ ports: { records, lock }, say }: OpenCluster, tell: (line: string) => void): Promise<void> {
  const onWait = (forMs: number) =>
    say?.(`waiting until ${untilTime(forMs)} for the last runner's lease to expire: it was not released`);
  if (!(await lock.acquire(holderName(), { onWait, namespaceOfOthers: true }))) throw heldBy(await lock.state());
  try {
    const places = await records.accept();
    for (const place of places) tell(`${place}: accepted as it is now, and sealed`);
    if (places.length === 0) tell("there was nothing to accept");
  } finally {
    await lock.release();
  }
}

/** Says what is wrong with what the cluster records, and seals on wish what somebody edited on purpose. */
export const repair: Command = {
  name: "repair",
  summary: "List edited or damaged records; --accept adopts manual edits",
  flags: {
    accept: { type: "boolean", help: "accept records that were edited by hand as they are now" },
    ...clusterFlags,
  },
  async run(given, _operands, world) {
    const cluster = await openCluster(given, world, sayOnStderr(world));
    const tell = (line: string) => void world.stdout.write(`${visible(line)}\n`);
    try {
      const { ports } = cluster;
      if (isSet(given, "accept")) await accept(cluster, tell);
      const found = await ports.records.examine();
      for (const line of repairLines(found)) tell(line);
      return found.every(({ failure }) => failure === null) ? exitCodes.done : exitCodes.blocked;
    } finally {
      await cluster.close();
    }
  },
};
