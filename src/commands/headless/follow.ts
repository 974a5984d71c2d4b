import { ClusterLink } from "../../runner/cluster-link.ts";
import { harmlessJson } from "../../store/text/foreign.ts";
import type { Given, World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { chartAccessFlags } from "../flags/chart-flags.ts";
import { consentFlags, isSet } from "../flags/flags.ts";
import { planFlags } from "../flags/plan-flags.ts";
import { type OpenCluster, openCluster } from "../processes/open-cluster.ts";
import { statusLines } from "../status/status-lines.ts";
import type { StatusReport } from "../status/status-report.ts";
import { exitCodeOfStatus, reportOf } from "../status.ts";
import { type LineOutput, lineOutput } from "./line-output.ts";
import { eventPrinter } from "./print-events.ts";
import { leftOut } from "./run-headless.ts";
import { visible } from "./visible.ts";

/** A flag that only a run uses is refused where nothing runs. */
function refuseRunFlags(given: Given): void {
  const flag = Object.keys({ ...consentFlags, ...chartAccessFlags, ...planFlags }).find((name) => {
    const value = given[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
  if (flag === undefined) return;
  throw new CommandError(
    "USAGE",
    `crossfade without a command and without a terminal only shows a run, so --${flag} would do nothing`,
    `crossfade migrate --headless --${flag} … moves the cluster`,
  );
}

/** The first line: that nothing is done, and how to go on. */
function howToGoOn({ run, runner, untrusted }: StatusReport): string {
  if (untrusted !== undefined) return "only looking; crossfade repair says what is wrong with the records";
  if (run === null)
    return "only looking; crossfade migrate --headless begins a run, crossfade plan shows what it would do";
  if (run.state === "finished") return "only looking; the last run is over, and crossfade report tells it";
  if (runner?.lease !== "held")
    return "read-only; no engine runs it: crossfade resume, or crossfade migrate --headless, continues it";
  if (run.state === "paused" || run.state === "pausing")
    return `only looking; ${runner.holder} has it, and crossfade resume lets it go on`;
  return `only looking; ${runner.holder} runs it: crossfade pause pauses it, crossfade take-over asks for it`;
}

const isHeld = ({ run, runner }: StatusReport): boolean =>
  run !== null && run.state !== "finished" && runner?.lease === "held";

interface Shown {
  readonly json: boolean;
  readonly lines: LineOutput;
}

function tell(report: StatusReport, { json, lines }: Shown): void {
  const goOn = howToGoOn(report);
  if (json) lines.line(harmlessJson({ type: "status", goOn, report }));
  else for (const line of [goOn, ...statusLines(report)]) lines.line(visible(line));
}

/** Prints what the cluster tells of the run until it is over, nobody has it any more, or the reader leaves. */
async function untilOver({ ports }: OpenCluster, { json, lines }: Shown, signal: AbortSignal): Promise<void> {
  const link = await ClusterLink.open(ports);
  if (link === null) return;
  const print = eventPrinter(json, (line) => lines.line(line));
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const look = () => {
    const { outcome, runner } = link.state;
    if (signal.aborted || outcome !== null || runner?.lease !== "held") end();
  };
  const stopEvents = link.onEvent((event) => {
    print(event);
    look();
  });
  const stopStates = link.onState(look);
  signal.addEventListener("abort", look, { once: true });
  look();
  try {
    await over;
  } finally {
    stopEvents();
    stopStates();
    link.close();
  }
}

/** Shows the run in lines and changes nothing: where it stands, then what happens for as long as somebody runs it. */
export async function follow(given: Given, world: World): Promise<number> {
  refuseRunFlags(given);
  const json = isSet(given, "json");
  const cluster = await openCluster(given, world);
  const lines = lineOutput(world.stdout, {
    onGone: (error) => void world.stdout.emit("error", error),
    leftOut: leftOut(json),
  });
  const shown = { json, lines };
  try {
    const first = await reportOf(cluster, world);
    tell(first, shown);
    if (!isHeld(first)) return exitCodeOfStatus(first);
    await untilOver(cluster, shown, world.signal);
    if (world.signal.aborted) return exitCodes.interrupted;
    const last = await reportOf(cluster, world);
    tell(last, shown);
    return exitCodeOfStatus(last);
  } finally {
    await lines.drained(world.signal);
    await cluster.close();
  }
}
