import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { labFlags, labOptions, listScenarios, sayLabStarts } from "./flags/lab-flags.ts";

/** An embedded cluster to try things on: nothing of it outlives the process. */
export const lab: Command = {
  name: "lab",
  summary: "Start an embedded cluster for kubectl, helm or crossfade",
  flags: labFlags,
  async run(given, _operands, world) {
    if (listScenarios(given, world)) return exitCodes.done;
    const options = labOptions(given, 1);
    sayLabStarts(options, world);
    const { createLab } = await import("crossfade-lab/lab.ts");
    const running = await createLab(options);
    const { kubeconfig, binDir, url } = running.address;
    const say = (line: string) => world.stdout.write(`${line}\n`);
    say(`the lab listens on ${url}`);
    say(`export KUBECONFIG=${kubeconfig}`);
    say(`export PATH=${binDir}:$PATH    # helm and docker as the lab understands them`);
    say("Ctrl-C ends it and removes both");
    await new Promise<void>((resolve) => {
      if (world.signal.aborted) resolve();
      world.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await running.stop();
    return exitCodes.done;
  },
};
