import type { EngineEvent } from "../../engine/model/events.ts";
import { note } from "../../engine/model/notes/note.ts";
import { LocalAgreements } from "../../runner/agreements.ts";
import { whoWeAre } from "../../runner/holder.ts";
import { agreementsPath, journalPath } from "../../runner/places.ts";
import type { RunChoice } from "../../runner/run-process.ts";
import { startRun } from "../../runner/run-process.ts";
import type { World } from "../command.ts";
import { exitCodeOf } from "../exit-codes.ts";
import type { OpenCluster } from "../processes/open-cluster.ts";
import { headlessSignals } from "./headless-signals.ts";
import { lineOutput } from "./line-output.ts";
import { eventPrinter } from "./print-events.ts";

/** The line that stands for those that nobody read. */
export const leftOut = (json: boolean) => (lines: number) => {
  const text = `${lines} lines were dropped here, because the output was not read; the journal has them`;
  return json
    ? JSON.stringify({ type: "log", at: Date.now(), level: "warning", node: null, note: note("plain", { text }), text })
    : text;
};

export type HeadlessChoice = Omit<RunChoice, "attended" | "agreements">;

/** Runs the engine in this process and prints what it says; the exit code tells how it ended. */
export async function runHeadless(
  cluster: OpenCluster,
  choice: HeadlessChoice,
  json: boolean,
  world: World,
): Promise<number> {
  const { stdout, stderr, signal, interrupts } = world;
  const errors = lineOutput(stderr, { onGone: () => undefined, leftOut: leftOut(false) });
  const lines = lineOutput(stdout, {
    // As any other stream of Node's would tell it; whoever listens there knows what it means.
    onGone: (error) => void stdout.emit("error", error),
    leftOut: leftOut(json),
  });
  const print = eventPrinter(json, (line) => lines.line(line));
  const engine = startRun(
    cluster.ports,
    journalPath(cluster.name, world.env),
    { ...choice, attended: false, agreements: new LocalAgreements(agreementsPath(cluster.name, world.env)) },
    (event: EngineEvent) => print(event),
  );
  const giveBack = interrupts?.takenBy(
    headlessSignals({ engine, by: whoWeAre(), say: (sentence) => errors.line(`crossfade: ${sentence}`) }),
  );
  const stop = () => engine.stop();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return exitCodeOf(await engine.ended);
  } finally {
    giveBack?.();
    engine.journal.close();
    await lines.drained(signal);
    await errors.drained(signal);
    signal.removeEventListener("abort", stop);
  }
}
