import type { ReadStream, WriteStream } from "node:tty";
import { toFailure } from "../engine/errors.ts";
import { type ChosenContext, chooseContext } from "../kube/kubeconfig.ts";
import { whoWeAre } from "../runner/holder.ts";
import { socketPath } from "../runner/places.ts";
import { attach } from "../runner/socket-client.ts";
import type { Command, Given, World } from "./command.ts";
import { engineArguments } from "./engine-arguments.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, consentFlags, isSet, outputFlags, text } from "./flags.ts";
import { LastingLink } from "./lasting-link.ts";
import { openCluster } from "./open-cluster.ts";
import { planFlags, planInput } from "./plan-flags.ts";
import { startEngineProcess } from "./start-engine.ts";
import { tiedFlag } from "./tell-parent.ts";

const engineFlags = { ...clusterFlags, ...consentFlags, ...planFlags };
/** What is handed on to the engine: the demo ties it to this process. */
const handedOn = { ...engineFlags, ...tiedFlag };

/** Which engine a panel talks to: the one that runs, or one that it starts. */
class Engines {
  readonly link = new LastingLink();
  readonly #chosen: ChosenContext;
  readonly #given: Given;
  readonly #world: World;

  constructor(chosen: ChosenContext, given: Given, world: World) {
    this.#chosen = chosen;
    this.#given = given;
    this.#world = world;
  }

  /** `failed` rejects with what kept the engine from coming as far as a plan; in an object, or it would be awaited here. */
  async open(): Promise<{ readonly failed: Promise<never> | null }> {
    const running = await attach(socketPath(this.#chosen, this.#world.env));
    if (running) {
      await this.link.connect(Promise.resolve(running));
      return { failed: null };
    }
    await this.#letPluginAsk();
    const { coming, failed } = this.#start();
    coming.catch(() => undefined);
    return { failed };
  }

  /** After an engine died: another one goes on with the run. Null, or why there is none. */
  async restart(tellLater: (why: string) => void): Promise<string | null> {
    try {
      const running = await attach(socketPath(this.#chosen, this.#world.env));
      if (running) {
        await this.link.connect(Promise.resolve(running));
        return null;
      }
      const { coming, failed } = this.#start();
      failed.catch((thrown: unknown) => tellLater(toFailure(thrown).message));
      await coming;
      return null;
    } catch (thrown) {
      return toFailure(thrown).message;
    }
  }

  #start(): { readonly coming: Promise<void>; readonly failed: Promise<never> } {
    const started = startEngineProcess(this.#chosen, engineArguments(this.#given, handedOn), this.#world);
    return { coming: this.link.connect(started.link), failed: started.failed };
  }

  /** A credential plugin may want to ask something, which it can do only here and only before the screen is ours. */
  async #letPluginAsk(): Promise<void> {
    if (this.#chosen.user.exec === undefined) return;
    await (await openCluster(this.#given, this.#world)).close();
  }
}

/** Shows the run of this cluster, starting its engine where none runs yet. The first frame does not wait for the cluster. */
export async function panel(given: Given, world: World): Promise<number> {
  planInput(given);
  const wish = { kubeconfig: text(given, "kubeconfig"), context: text(given, "context"), env: world.env };
  const chosen = chooseContext(wish);
  const engines = new Engines(chosen, given, world);
  const [{ failed }, { showPanel }] = await Promise.all([engines.open(), import("./show-panel.tsx")]);
  const terminal = { stdin: world.stdin as ReadStream, stdout: world.stdout as WriteStream & { fd: number } };
  try {
    const end = await showPanel({
      link: engines.link,
      failed,
      restart: (tellLater) => engines.restart(tellLater),
      terminal,
      env: world.env,
      cluster: chosen.context,
      user: whoWeAre(),
      ascii: isSet(given, "ascii") ? true : undefined,
      ownCluster: isSet(given, "tied"),
    });
    return end.reason === "signal" ? exitCodes.interrupted : exitCodes.done;
  } finally {
    engines.link.close();
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
