import { delimiter } from "node:path";
import type { Command, Given, World } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { alertFlags } from "./flags/alert-flags.ts";
import { consentFlags, outputFlags, text } from "./flags/flags.ts";
import { labFlags, labOptions, listScenarios, sayLabStarts } from "./flags/lab-flags.ts";
import { planFlags } from "./flags/plan-flags.ts";
import { migrate } from "./migrate.ts";
import { wantsPanel } from "./processes/wants-panel.ts";

/** Lab seconds per second: three nodes end in about a minute. */
const demoSpeed = 5;

/** The whole main job on an embedded cluster: the adapters, helm's command line and the panel are those of a real one. */
export const demo: Command = {
  name: "demo",
  summary: "Migrate an embedded demo cluster to Cilium",
  flags: { ...labFlags, ...outputFlags, ...alertFlags, ...consentFlags, ...planFlags },
  async run(given, operands, world) {
    if (listScenarios(given, world)) return exitCodes.done;
    const options = labOptions(given, demoSpeed);
    if (text(given, "kubeconfig") !== undefined)
      throw new CommandError("USAGE", "demo brings its own cluster", "omit --kubeconfig");
    sayLabStarts(options, world);
    const { startLabThread } = await import("crossfade-lab/lab-thread.ts");
    const lab = await startLabThread(options);
    try {
      return await migrate.run(inLab(given, lab.address.kubeconfig, world), operands, {
        ...world,
        env: {
          ...world.env,
          PATH: `${lab.address.binDir}${delimiter}${world.env.PATH ?? ""}`,
          KUBECONFIG: lab.address.kubeconfig,
        },
      });
    } finally {
      await lab.stop();
    }
  },
};

/** Without a terminal nobody could consent, and nothing but the lab can come to harm. */
function inLab(given: Given, kubeconfig: string, world: World): Given {
  const consent = text(given, "consent") ?? (wantsPanel(given, world) ? undefined : "nodes,finalize,remove-source");
  return { ...given, kubeconfig, consent, tied: true };
}
