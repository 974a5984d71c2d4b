import { existsSync } from "node:fs";
import type { ReadStream, WriteStream } from "node:tty";
import { apiTlsOf, chooseContext } from "../kube/auth/kubeconfig.ts";
import { whoWeAre } from "../runner/holder.ts";
import { journalPath } from "../runner/places.ts";
import type { Command, Given, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { alertFlags, alertsGiven } from "./flags/alert-flags.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { clusterFlags, consentFlags, isSet, outputFlags, text } from "./flags/flags.ts";
import { planFlags, planInput } from "./flags/plan-flags.ts";
import { visible } from "./headless/visible.ts";
import { Engines } from "./processes/engines.ts";
import { tiedFlag } from "./processes/tell-parent.ts";
import { wantsPanel } from "./processes/wants-panel.ts";
import { shellWord } from "./shell-word.ts";

const engineFlags = { ...clusterFlags, ...consentFlags, ...chartAccessFlags, ...planFlags };
/** What is handed on to the engine: the demo ties it to this process. */
const handedOn = { ...engineFlags, ...tiedFlag };

/** What tells the run once the panel is gone, to be copied as it stands: the demo's cluster has no kubeconfig any more. */
function reportCommand(given: Given, journal: string): string {
  if (!existsSync(journal)) return "crossfade status";
  if (isSet(given, "tied")) return `crossfade report --journal ${shellWord(journal)}`;
  const named = ["context", "kubeconfig"].flatMap((flag) => {
    const value = text(given, flag);
    return value === undefined ? [] : [` --${flag} ${shellWord(value)}`];
  });
  return `crossfade report${named.join("")}`;
}

/** The line that stays in the shell. */
function sayFarewell(closing: string | null, command: string, { stdout }: World): void {
  if (closing === null) return;
  stdout.write(`${visible(`crossfade: ${closing}`)}\n  → ${visible(`${command} tells what was done`)}\n`);
}

export interface PanelOptions {
  /** A run that is under way and that nobody runs is gone on with; else it is shown, and a key goes on with it. */
  readonly goesOn: boolean;
  /** No run is begun: it was asked for by a command that takes one over. */
  readonly recordedRunOnly?: boolean;
}

/** Shows the run of this cluster, starting an engine where there is no run yet. The first frame does not wait for the cluster. */
export async function panel(given: Given, world: World, how: PanelOptions): Promise<number> {
  planInput(given);
  const alerts = alertsGiven(given, world.env);
  const choice = { kubeconfig: text(given, "kubeconfig"), context: text(given, "context"), env: world.env };
  const chosen = chooseContext(choice);
  const engines = new Engines({ chosen, given, flags: handedOn, world, ...how });
  const [{ failed }, { showPanel }] = await Promise.all([engines.open(), import("./processes/show-panel.tsx")]);
  const terminal = { stdin: world.stdin as ReadStream, stdout: world.stdout as WriteStream & { fd: number } };
  try {
    const end = await showPanel({
      link: engines.link,
      failed,
      restart: (tellLater) => engines.restart(tellLater),
      takeOver: (tellLater) => engines.takeOver(tellLater),
      terminal,
      env: world.env,
      cluster: chosen.context,
      user: whoWeAre(),
      ascii: isSet(given, "ascii") ? true : undefined,
      alerts,
      ownCluster: isSet(given, "tied"),
      tls: apiTlsOf(chosen),
      onLeft: (closing) => sayFarewell(closing, reportCommand(given, journalPath(chosen, world.env)), world),
    });
    return end.reason === "signal" ? exitCodes.interrupted : exitCodes.done;
  } finally {
    await engines.close();
  }
}

/** What runs when no command is named. */
export const livePanel: Command = {
  name: "",
  summary: "Open the live panel for the current context (changes nothing until you press a key)",
  flags: { ...outputFlags, ...alertFlags, ...engineFlags },
  async run(given, _operands, world) {
    if (wantsPanel(given, world)) return panel(given, world, { goesOn: false });
    const { follow } = await import("./headless/follow.ts");
    return follow(given, world);
  },
};
