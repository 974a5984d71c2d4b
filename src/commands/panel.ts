import type { ReadStream, WriteStream } from "node:tty";
import { chooseContext } from "../kube/kubeconfig.ts";
import { whoWeAre } from "../runner/holder.ts";
import type { Command, Given, World } from "./command.ts";
import { Engines } from "./engines.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, consentFlags, isSet, outputFlags, text } from "./flags.ts";
import { planFlags, planInput } from "./plan-flags.ts";
import { tiedFlag } from "./tell-parent.ts";

const engineFlags = { ...clusterFlags, ...consentFlags, ...planFlags };
/** What is handed on to the engine: the demo ties it to this process. */
const handedOn = { ...engineFlags, ...tiedFlag };

/** Shows the run of this cluster, starting its engine where none runs yet. The first frame does not wait for the cluster. */
export async function panel(given: Given, world: World): Promise<number> {
  planInput(given);
  const wish = { kubeconfig: text(given, "kubeconfig"), context: text(given, "context"), env: world.env };
  const chosen = chooseContext(wish);
  const engines = new Engines({ chosen, given, flags: handedOn, world });
  const [{ failed }, { showPanel }] = await Promise.all([engines.open(), import("./show-panel.tsx")]);
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
      ownCluster: isSet(given, "tied"),
    });
    return end.reason === "signal" ? exitCodes.interrupted : exitCodes.done;
  } finally {
    await engines.close();
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
