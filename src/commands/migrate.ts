import type { Command, Given, World } from "./command.ts";
import { clusterFlags, consentFlags, consentsGiven, isSet, outputFlags } from "./flags.ts";
import { openCluster } from "./open-cluster.ts";
import { planFlags, planInput } from "./plan-flags.ts";
import { runHeadless } from "./run-headless.ts";

/** Without a terminal on both ends nobody could press a key; a dumb one cannot be drawn on. */
export function wantsPanel(given: Given, { stdin, stdout, env }: World): boolean {
  if (isSet(given, "headless") || isSet(given, "json") || isSet(given, "plain") || env.TERM === "dumb") return false;
  return stdin.isTTY === true && stdout.isTTY === true;
}

/** Moves the cluster: the panel where there is a terminal, lines where there is none. */
export const migrate: Command = {
  name: "migrate",
  summary: "Move the cluster to Cilium, or go on where the last run stands",
  flags: { ...clusterFlags, ...outputFlags, ...consentFlags, ...planFlags },
  async run(given, _operands, world) {
    const input = planInput(given);
    const consents = consentsGiven(given);
    if (wantsPanel(given, world)) {
      const { panel } = await import("./panel.ts");
      return panel(given, world);
    }
    const cluster = await openCluster(given, world);
    try {
      return await runHeadless(cluster, { input, consents }, isSet(given, "json"), world);
    } finally {
      await cluster.close();
    }
  },
};
