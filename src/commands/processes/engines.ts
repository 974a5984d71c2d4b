import { CrossfadeError, toFailure } from "../../engine/model/errors.ts";
import type { EngineEvent } from "../../engine/model/events.ts";
import { unagreed } from "../../engine/run/agreement.ts";
import type { ChosenContext } from "../../kube/auth/kubeconfig.ts";
import { ClusterLink } from "../../runner/cluster-link.ts";
import { whoWeAre } from "../../runner/holder.ts";
import { socketPath } from "../../runner/places.ts";
import { attach } from "../../runner/socket-client.ts";
import { panel } from "../../words/audience.ts";
import { explain, explainFailure } from "../../words/explain.ts";
import { agreementSentence } from "../../words/failures/run-failure-words.ts";
import type { Flags, Given, World } from "../command.ts";
import { engineArguments } from "../flags/engine-arguments.ts";
import { checkAgainstRecord } from "../flags/recorded-flags.ts";
import { goOnFlag, recordedRunFlag, staleLeaseFlag } from "../flags/starting-flags.ts";
import { agreementsOf } from "../headless/agree-beforehand.ts";
import { whenFree } from "../headless/when-free.ts";
import { LastingLink } from "./lasting-link.ts";
import { type OpenCluster, openCluster } from "./open-cluster.ts";
import { startEngineProcess } from "./start-engine.ts";

/** A lease that is given back is free at once; its holder may first have to reach the cluster. */
const freeWithinMs = 20_000;

/** A run is under way that this panel has no part in, or not yet. */
const isUnderWay = (thrown: unknown): boolean =>
  thrown instanceof CrossfadeError && (thrown.code === "LOCK_HELD" || thrown.code === "UNATTENDED");

/** Somebody else goes on with the run from here. */
const isOthersNow = (event: EngineEvent): boolean =>
  event.type === "run-finished" && (event.outcome === "lock-lost" || event.outcome === "released");

export interface EnginesOptions {
  readonly chosen: ChosenContext;
  readonly given: Given;
  /** What of it is handed on to the engine. */
  readonly flags: Flags;
  readonly world: World;
  /** It was asked for by a command that goes on; to look goes on with nothing. */
  readonly goesOn: boolean;
  readonly recordedRunOnly?: boolean;
}

interface Start {
  /** A version of the lease that was seen to expire. */
  readonly knownStale: string | null;
  readonly goesOn: boolean;
  readonly recordedRunOnly: boolean;
}

/** Which engine a panel talks to: the one that runs here, one that it starts, or somebody else's that it watches. */
export class Engines {
  readonly link = new LastingLink();
  readonly #options: EnginesOptions;
  /** The panel's own connection, while it watches. */
  #watched: OpenCluster | null = null;

  constructor(options: EnginesOptions) {
    this.#options = options;
    this.link.onEvent((event) => {
      if (isOthersNow(event)) void this.#watch().catch(() => undefined);
    });
  }

  /** `failed` rejects with what kept the engine from coming as far as a plan; in an object, or it would be awaited here. */
  async open(): Promise<{ readonly failed: Promise<never> | null }> {
    if (await this.#attach()) {
      this.#checkAgainstRecord();
      return { failed: null };
    }
    await this.#letPluginAsk();
    const { goesOn, recordedRunOnly = false } = this.#options;
    return { failed: this.#start({ knownStale: null, goesOn, recordedRunOnly }).failed };
  }

  /** After an engine died: another one goes on with the run. Null, or why there is none. */
  async restart(tellLater: (why: string) => void): Promise<string | null> {
    try {
      if (!(await this.#attach())) await this.#startAnother({ knownStale: null, recordedRunOnly: false }, tellLater);
      return null;
    } catch (thrown) {
      return explainFailure(toFailure(thrown), panel).message;
    }
  }

  /** Of a watched run: asks for it where somebody has it, and goes on with it. Null, or why not. */
  async takeOver(tellLater: (why: string) => void): Promise<string | null> {
    const cluster = this.#watched;
    if (cluster === null) return "this panel's engine runs it already";
    try {
      const seen = await cluster.ports.lock.watched();
      if (seen !== null && !seen.expired) {
        const unread = await this.#unagreed(cluster);
        if (unread !== null) return unread;
        const refused = await this.link.ask({ request: "release-run", by: whoWeAre() });
        if (refused !== null) return explain(refused, panel).text;
        await whenFree(cluster.ports, { atMostMs: freeWithinMs, signal: this.#options.world.signal });
      }
      const knownStale = seen?.stoodStill === true ? seen.version : null;
      await this.#startAnother({ knownStale, recordedRunOnly: true }, tellLater);
      return null;
    } catch (thrown) {
      return explainFailure(toFailure(thrown), panel).message;
    }
  }

  async close(): Promise<void> {
    this.link.close();
    await this.#watched?.close();
  }

  /** A run that could then not be gone on with at once is not asked for: nobody would run it. */
  async #unagreed({ ports, name }: OpenCluster): Promise<string | null> {
    const record = await ports.records.run();
    const asked = record === null ? null : unagreed(record, agreementsOf(name, this.#options.world));
    return asked === null ? null : `${agreementSentence(asked)}: crossfade take-over shows what it would run`;
  }

  /** What was asked for on the command line and is otherwise in the run that an engine here has: refused, never dropped. */
  #checkAgainstRecord(): void {
    const { plan, whenLeft } = this.link.state;
    if (plan !== null) checkAgainstRecord(this.#options.given)({ plan, whenLeft });
  }

  /** False where no engine of ours listens on this machine. */
  async #attach(): Promise<boolean> {
    const running = await attach(this.#socket());
    if (running) await this.link.connect(Promise.resolve(running));
    return running !== null;
  }

  async #startAnother(start: Omit<Start, "goesOn">, tellLater: (why: string) => void): Promise<void> {
    const { coming, failed } = this.#start({ ...start, goesOn: true });
    failed.catch((thrown: unknown) => tellLater(explainFailure(toFailure(thrown), panel).message));
    await coming;
  }

  #start({ knownStale, goesOn, recordedRunOnly }: Start): {
    readonly coming: Promise<void>;
    readonly failed: Promise<never>;
  } {
    const { chosen, given, flags, world } = this.#options;
    const how = { "go-on": goesOn, "recorded-run-only": recordedRunOnly };
    const merged = { ...given, ...how, ...(knownStale === null ? {} : { "stale-lease": knownStale }) };
    const all = { ...flags, ...staleLeaseFlag, ...goOnFlag, ...recordedRunFlag };
    const started = startEngineProcess(chosen, engineArguments(merged, all), world, (sentence) =>
      this.link.say(sentence),
    );
    const coming = this.link.connect(started.link).then(() => this.#stopWatching());
    coming.catch(() => undefined);
    return { coming, failed: this.#orWatch(started.failed) };
  }

  /** A run that is under way is no failure: it is watched. */
  async #orWatch(failed: Promise<never>): Promise<never> {
    try {
      return await failed;
    } catch (thrown) {
      if (!isUnderWay(thrown)) throw thrown;
      await this.#watch();
      return new Promise<never>(() => undefined);
    }
  }

  async #watch(): Promise<void> {
    const { given, world } = this.#options;
    // The screen is the panel's by now: nothing is written beside it.
    this.#watched ??= await openCluster(given, world, null);
    const link = await ClusterLink.open(this.#watched.ports);
    if (link) await this.link.connect(Promise.resolve(link));
  }

  async #stopWatching(): Promise<void> {
    const watched = this.#watched;
    this.#watched = null;
    await watched?.close();
  }

  /** A credential plugin may want to ask something, which it can do only here and only before the screen is ours. */
  async #letPluginAsk(): Promise<void> {
    const { chosen, given, world } = this.#options;
    if (chosen.user.exec === undefined) return;
    await (await openCluster(given, world)).close();
  }

  #socket(): string {
    return socketPath(this.#options.chosen, this.#options.world.env);
  }
}
