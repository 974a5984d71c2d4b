import type { EngineEvent } from "../engine/events.ts";
import { journalPath } from "../runner/places.ts";
import type { RunChoice } from "../runner/run-process.ts";
import { startRun } from "../runner/run-process.ts";
import type { World } from "./command.ts";
import { exitCodeOf } from "./exit-codes.ts";
import type { OpenCluster } from "./open-cluster.ts";
import { eventPrinter } from "./print-events.ts";

/** Runs the engine in this process and prints what it says; the exit code tells how it ended. */
export async function runHeadless(
  cluster: OpenCluster,
  choice: Omit<RunChoice, "attended">,
  json: boolean,
  world: World,
): Promise<number> {
  const print = eventPrinter(json, (line) => world.stdout.write(`${line}\n`));
  const engine = startRun(
    cluster.ports,
    journalPath(cluster.name, world.env),
    { ...choice, attended: false },
    (event: EngineEvent) => print(event),
  );
  const stop = () => engine.stop();
  if (world.signal.aborted) stop();
  world.signal.addEventListener("abort", stop, { once: true });
  try {
    return exitCodeOf(await engine.ended);
  } finally {
    world.signal.removeEventListener("abort", stop);
    engine.journal.close();
  }
}
