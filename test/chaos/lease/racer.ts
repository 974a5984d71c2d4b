import { whenFree } from "../../../src/commands/headless/when-free.ts";
import type { EngineEvent, Outcome } from "../../../src/engine/model/events.ts";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import type { KubeCluster } from "../../../src/kube/connect.ts";
import { askRunner } from "../../../src/runner/ask-runner.ts";
import { ClusterLink } from "../../../src/runner/cluster-link.ts";
import { type LabRun, portOf, type World } from "../../support/lab/lab-run.ts";
import { endedWith } from "../../support/said.ts";
import { type Exchange, HttpProxy, type Verdict } from "../proxy/http-proxy.ts";
import type { Written } from "./written.ts";

/** As the usual ones, thirty times faster: what counts is the order of deadline and end. */
const timings = { leaseMs: 2_000, deadlineMs: 1_200, renewMs: 150 };

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** How the wire between a racer and the API server is. */
type Wire = "whole" | "cut" | "silent";

/**
 * The operator at that place: retries what ran out of its time, for the lab's time flies while a wire is cut, and goes on
 * after a pause that another place asked for.
 */
function operate(event: EngineEvent, { engine }: LabRun): void {
  const by = "tester";
  if (event.type === "node-failed") void engine.ask({ request: "retry", node: event.node, by });
  if (event.type === "run-step-failed") void engine.ask({ request: "retry", node: null, by });
  if (event.type === "pace-changed" && event.pace === "paused") void engine.ask({ request: "resume", by });
}

/** One process after the other at one place: runs where the lease is free, and else watches and waits for it. */
export class Racer {
  readonly name: string;
  readonly #world: World;
  readonly #written: Written;
  #proxy!: HttpProxy;
  #cluster!: KubeCluster;
  #ports!: Ports;
  #link: ClusterLink | null = null;
  #run: LabRun | null = null;
  #process = 0;
  #alive = false;
  #wire: Wire = "whole";
  #wallAheadMs = 0;
  #healed = Promise.withResolvers<void>();
  readonly story: string[] = [];

  constructor(world: World, name: string, written: Written) {
    this.#world = world;
    this.#written = written;
    this.name = name;
  }

  /** user@host/pid of the present process. */
  get holder(): string {
    return `tester@${this.name}/${this.#process}`;
  }

  /** Its engine is at work, and its fence lets writes out. */
  get writes(): boolean {
    if (!this.#alive || this.#run === null) return false;
    const { fence } = this.#cluster.client;
    try {
      fence?.check();
      return fence !== null;
    } catch {
      return false;
    }
  }

  get watches(): ClusterLink | null {
    return this.#link;
  }

  async start(): Promise<void> {
    this.#process += 1;
    const holder = this.holder;
    const alive = { yes: true };
    const proxy = await HttpProxy.start(
      { host: "127.0.0.1", port: portOf(this.#world.lab) },
      {
        before: async (exchange) => {
          const verdict = await this.#pass(exchange, alive);
          if (verdict === "pass") this.#written.before(holder, exchange);
          return verdict;
        },
        after: async (exchange, answer) => {
          this.#written.after(holder, exchange, answer);
          return this.#pass(exchange, alive);
        },
      },
    );
    this.#dies = () => {
      alive.yes = false;
      this.#healed.resolve();
    };
    this.#proxy = proxy;
    this.#cluster = await this.#world.connect(proxy.port);
    const clocks = () => ({ wall: Date.now() + this.#wallAheadMs, steady: performance.now() });
    const { lock } = this.#cluster.ports({ lock: { timings, clocks } });
    this.#ports = { ...this.#world.ports(this.#cluster), lock };
    this.#alive = true;
  }

  #dies: () => void = () => undefined;

  /** What becomes of a request, or of its answer. One that a silent wire held goes on only if anybody still waits for it. */
  async #pass(exchange: Exchange, alive: { readonly yes: boolean }): Promise<Verdict> {
    // A watch that opens while nobody answers is tried again; what counts here are writes that come late.
    if (this.#wire === "silent" && exchange.kind === "watch") return "cut";
    if (this.#wire === "silent") await this.#healed.promise;
    return !alive.yes || this.#wire === "cut" || exchange.gone() ? "cut" : "pass";
  }

  /** Runs, watches and runs again until the migration is over; how its own engines ended. */
  async race(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      // A lease that looks free and a server that counts as gone are both answered from memory: without a rest such tries
      // follow one another without end, and neither timers nor answers get their turn in this process.
      await pause(50);
      if (!this.#alive) continue;
      const process = this.#process;
      try {
        const { outcome, why } = await this.#try(over);
        this.story.push(`${this.holder} ended ${outcome}: ${why}`);
        if (outcome === "migrated") return;
      } catch (thrown) {
        this.story.push(`${this.holder}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      }
      await this.#watch(process, over);
    }
  }

  async #try(over: AbortSignal): Promise<{ readonly outcome: Outcome; readonly why: string }> {
    const run = this.#world.start({
      cluster: this.#cluster,
      holder: this.holder,
      around: () => this.#ports,
      onEvent: operate,
    });
    this.#run = run;
    const stop = () => run.engine.stop();
    over.addEventListener("abort", stop, { once: true });
    try {
      const outcome = await run.engine.ended;
      return { outcome, why: endedWith(run.state) };
    } finally {
      over.removeEventListener("abort", stop);
      this.#run = null;
    }
  }

  /** As a panel does while somebody else runs it; returns when the run is free, as far as can be seen from here. */
  async #watch(process: number, over: AbortSignal): Promise<void> {
    while (!over.aborted && this.#alive && this.#process === process) {
      try {
        this.#link ??= await ClusterLink.open(this.#ports);
        await whenFree(this.#ports, { signal: over, atMostMs: 500 });
        return;
      } catch {
        await pause(50);
      }
    }
  }

  /** As SIGKILL would: nothing of it is heard any more. `seen` leaves a process that this machine knows to be gone. */
  async kill(seen: boolean): Promise<void> {
    if (!this.#alive) return;
    this.#alive = false;
    const [run, cluster, proxy, link] = [this.#run, this.#cluster, this.#proxy, this.#link];
    const holder = this.holder;
    this.#link = null;
    this.#dies();
    run?.engine.stop();
    link?.close();
    await proxy.close();
    await cluster.close();
    await run?.engine.ended.catch(() => undefined);
    this.story.push(`${holder} was killed`);
    if (seen && this.#written.holder === holder) leaveGoneProcess(this.#world);
  }

  /** Nothing gets through for a while: refused at once, or neither refused nor answered. */
  async partition(kind: "cut" | "silent", ms: number): Promise<void> {
    if (!this.#alive || this.#wire !== "whole") return;
    const { holder } = this;
    this.story.push(`${holder} is ${kind} off for ${ms} ms`);
    this.#healed = Promise.withResolvers<void>();
    this.#wire = kind;
    await pause(ms);
    this.#wire = "whole";
    this.#healed.resolve();
  }

  jump(ms: number): void {
    this.story.push(`${this.holder}: its clock jumps by ${ms} ms`);
    this.#wallAheadMs += ms;
  }

  async ask(what: "pause" | "release-run", over: AbortSignal): Promise<void> {
    if (!this.#alive) return;
    this.story.push(`${this.holder} asks to ${what}`);
    await askRunner(this.#ports, { ask: what, by: this.holder, waitMs: 2_000, signal: over }).catch(() => undefined);
  }

  async end(): Promise<void> {
    await this.kill(false);
  }
}

/** The lease of a process that ran on this machine and ended: its successor need not wait. */
function leaveGoneProcess({ lab }: World): void {
  lab.store.change("coordination.k8s.io/leases", "crossfade", "engine", ({ metadata }) => {
    const [boot = "", namespace = ""] = (metadata.annotations?.["crossfade/process"] ?? "").split(" ");
    metadata.annotations = { ...metadata.annotations, "crossfade/process": `${boot} ${namespace} 4194303 1` };
  });
}
