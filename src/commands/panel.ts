import type { ReadStream, WriteStream } from "node:tty";
import { whoWeAre } from "../runner/holder.ts";
import type { RunLink } from "../runner/protocol.ts";
import type { Command, Given, World } from "./command.ts";
import { engineArguments } from "./engine-arguments.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, consentFlags, isSet, outputFlags } from "./flags.ts";
import { openCluster } from "./open-cluster.ts";
import { planFlags, planInput } from "./plan-flags.ts";
import { attachOrStart } from "./start-engine.ts";

const engineFlags = { ...clusterFlags, ...consentFlags, ...planFlags };

async function openLink(given: Given, world: World): Promise<{ readonly link: RunLink; readonly context: string }> {
  const cluster = await openCluster(given, world);
  try {
    const link = await attachOrStart(cluster, engineArguments(given, engineFlags), world);
    return { link, context: cluster.name.context };
  } finally {
    await cluster.close();
  }
}

/** Shows the run of this cluster, starting its engine where none runs yet. Foreseen failures come before the screen does. */
export async function panel(given: Given, world: World): Promise<number> {
  planInput(given);
  const { link, context } = await openLink(given, world);
  const { showPanel } = await import("./show-panel.tsx");
  const terminal = { stdin: world.stdin as ReadStream, stdout: world.stdout as WriteStream & { fd: number } };
  try {
    const end = await showPanel({
      link,
      terminal,
      env: world.env,
      cluster: context,
      user: whoWeAre(),
      ascii: isSet(given, "ascii") ? true : undefined,
    });
    return end.reason === "signal" ? exitCodes.interrupted : exitCodes.done;
  } finally {
    link.close();
  }
}

/** What runs when no command is named. */
export const livePanel: Command = {
  name: "",
  summary: "The live panel on the current context; attaches to a run that is under way",
  flags: { ...outputFlags, ...engineFlags },
  async run(given, operands, world) {
    const { migrate, wantsPanel } = await import("./migrate.ts");
    return wantsPanel(given, world) ? panel(given, world) : migrate.run(given, operands, world);
  },
};
