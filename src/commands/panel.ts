import type { ReadStream, WriteStream } from "node:tty";
import { type ChosenContext, chooseContext } from "../kube/kubeconfig.ts";
import { whoWeAre } from "../runner/holder.ts";
import { socketPath } from "../runner/places.ts";
import type { RunLink } from "../runner/protocol.ts";
import { attach } from "../runner/socket-client.ts";
import type { Command, Given, World } from "./command.ts";
import { engineArguments } from "./engine-arguments.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, consentFlags, isSet, outputFlags, text } from "./flags.ts";
import { linkLater } from "./link-later.ts";
import { openCluster } from "./open-cluster.ts";
import { planFlags, planInput } from "./plan-flags.ts";
import { startEngineProcess } from "./start-engine.ts";
import { tiedFlag } from "./tell-parent.ts";

const engineFlags = { ...clusterFlags, ...consentFlags, ...planFlags };
/** What is handed on to the engine: the demo ties it to this process. */
const handedOn = { ...engineFlags, ...tiedFlag };

interface Opened {
  readonly link: RunLink;
  /** Rejects with what kept the engine from coming as far as a plan. */
  readonly failed: Promise<never> | null;
}

/** A credential plugin may want to ask something, which it can do only here and only before the screen is ours. */
async function letPluginAsk({ user }: ChosenContext, given: Given, world: World): Promise<void> {
  if (user.exec === undefined) return;
  await (await openCluster(given, world)).close();
}

async function open(chosen: ChosenContext, given: Given, world: World): Promise<Opened> {
  const running = await attach(socketPath(chosen, world.env));
  if (running) return { link: running, failed: null };
  await letPluginAsk(chosen, given, world);
  const { link, failed } = startEngineProcess(chosen, engineArguments(given, handedOn), world);
  return { link: linkLater(link), failed };
}

/** Shows the run of this cluster, starting its engine where none runs yet. The first frame does not wait for the cluster. */
export async function panel(given: Given, world: World): Promise<number> {
  planInput(given);
  const wish = { kubeconfig: text(given, "kubeconfig"), context: text(given, "context"), env: world.env };
  const chosen = chooseContext(wish);
  const [{ link, failed }, { showPanel }] = await Promise.all([open(chosen, given, world), import("./show-panel.tsx")]);
  const terminal = { stdin: world.stdin as ReadStream, stdout: world.stdout as WriteStream & { fd: number } };
  try {
    const end = await showPanel({
      link,
      failed,
      terminal,
      env: world.env,
      cluster: chosen.context,
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
