import { pause } from "../clock.ts";
import { type ContainerContext, type Program, ProgramExit, type RunningProgram } from "../program.ts";
import type { Random } from "../random.ts";
import { ContainerLog } from "./container-log.ts";
import { endsInReboot, mayEnterHost } from "./host-reboot.ts";
import { pullImage } from "./image-pull.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { endsByItself, plainProgram, type ScopeOf } from "./plain-program.ts";
import {
  type ContainerSpec,
  type ContainerState,
  type ContainerStatus,
  type PodObject,
  timestamp,
} from "./pod-types.ts";
import { draw } from "./timings.ts";

/** How a container came to its end. */
export interface Exit {
  readonly exitCode: number;
  readonly message: string;
}

/** What a container needs of its pod. */
export interface ContainerHost {
  readonly world: KubeletWorld;
  readonly isInit: boolean;
  pod(): PodObject;
  /** Called after each change of what its status would say. */
  changed(): void;
  readonly scopeOf: ScopeOf;
}

/** One container of a pod: its state in the API's words, and the program in it while it runs. */
export class ContainerRun {
  readonly spec: ContainerSpec;
  readonly isInit: boolean;
  state: ContainerState;
  lastState: ContainerState | Record<string, never> = {};
  restartCount = 0;
  ready = false;
  started = false;
  log: ContainerLog | null = null;
  previousLog: ContainerLog | null = null;
  program: RunningProgram | null = null;
  readonly #host: ContainerHost;
  readonly #random: Random;
  #containerId: string | null = null;
  #stopping = new AbortController();
  #end: ((exit: Exit | null) => void) | null = null;
  #startedAt = 0;

  constructor(spec: ContainerSpec, host: ContainerHost) {
    this.spec = spec;
    this.isInit = host.isInit;
    this.#host = host;
    this.#random = host.world.random.fork(`${host.pod().metadata.name}/${spec.name}`);
    this.state = { waiting: { reason: "ContainerCreating" } };
  }

  get isRunning(): boolean {
    return this.#end !== null;
  }

  get exitCode(): number | null {
    return "terminated" in this.state ? this.state.terminated.exitCode : null;
  }

  /** Pulls, creates, starts (`begun`), and resolves at its end; null when it was called off or lost its power. */
  async run(calledOff: AbortSignal, begun: () => void): Promise<Exit | null> {
    const { world } = this.#host;
    if (!(await pullImage(world, this.spec.image, this, { random: this.#random, signal: calledOff }))) return null;
    await pause(world.clock, draw(this.#random, world.timings.create), calledOff);
    return calledOff.aborted ? null : this.#execute(begun);
  }

  wait(reason: string, message?: string): void {
    if ("terminated" in this.state) this.lastState = this.state;
    this.state = { waiting: message === undefined ? { reason } : { reason, message } };
    this.#host.changed();
  }

  /** SIGTERM after its preStop hook, and SIGKILL when the grace is over. */
  async stop(graceMs: number, gone: AbortSignal): Promise<void> {
    if (!this.isRunning) return;
    const { world } = this.#host;
    this.say({ type: "Normal", reason: "Killing", message: `Stopping container ${this.spec.name}` });
    const hookMs = Math.min(graceMs, this.#preStopMs());
    await pause(world.clock, hookMs, gone);
    if (!this.#ignoresTerm) this.#stopping.abort();
    const stopMs = this.#ignoresTerm ? Number.POSITIVE_INFINITY : draw(this.#random, world.timings.stop);
    await pause(world.clock, Math.min(stopMs, graceMs - hookMs), gone);
    const killed = stopMs > graceMs - hookMs;
    this.#end?.(gone.aborted ? null : { exitCode: killed ? 137 : 0, message: "" });
  }

  /** The machine lost its power, or the pod its place in the API: no last words. */
  cut(): void {
    this.#end?.(null);
  }

  /** After a reboot, where the pod may not be restarted: its end is the one that the reboot brought. */
  lose(): void {
    if ("terminated" in this.lastState) this.state = this.lastState as ContainerState;
  }

  /** After a reboot: what ran then counts as lost, and all begins anew. */
  renew(): void {
    if (this.#containerId !== null) {
      const at = timestamp(this.#startedAt);
      this.lastState =
        "terminated" in this.state
          ? this.state
          : {
              terminated: {
                exitCode: 255,
                reason: "Unknown",
                startedAt: at,
                finishedAt: this.#now(),
                containerID: this.#id(),
              },
            };
      this.restartCount += 1;
    }
    this.ready = false;
    this.started = false;
  }

  status(): ContainerStatus {
    const { image } = this.spec;
    const pulled = this.#containerId !== null;
    return {
      name: this.spec.name,
      image,
      imageID: pulled ? `${image.replace(/[:@].*$/, "")}@sha256:${digest(image)}` : "",
      ...(pulled ? { containerID: this.#id() } : {}),
      ready: this.isInit ? this.exitCode === 0 : this.ready,
      started: this.isInit ? false : this.started,
      restartCount: this.restartCount,
      state: this.state,
      lastState: this.lastState,
    };
  }

  say(occurrence: { readonly type: "Normal" | "Warning"; readonly reason: string; readonly message: string }): void {
    const kind = this.isInit ? "initContainers" : "containers";
    const { world } = this.#host;
    world.events.add(this.#host.pod(), world.machine.name, {
      ...occurrence,
      fieldPath: `spec.${kind}{${this.spec.name}}`,
    });
  }

  #execute(begun: () => void): Promise<Exit | null> {
    const { world } = this.#host;
    this.previousLog = this.log;
    this.log = new ContainerLog(world.clock);
    this.#containerId = this.#random.uuid().replaceAll("-", "").padEnd(64, "0");
    this.#startedAt = world.clock.now();
    this.#stopping = new AbortController();
    if ("terminated" in this.state) this.lastState = this.state;
    this.state = { running: { startedAt: this.#now() } };
    this.say({ type: "Normal", reason: "Created", message: `Created container: ${this.spec.name}` });
    this.say({ type: "Normal", reason: "Started", message: `Started container ${this.spec.name}` });
    return new Promise((resolve) => {
      this.#end = (exit) => {
        this.#finish(exit);
        resolve(exit);
      };
      this.#host.changed();
      this.#launch(this.#context(this.log as ContainerLog));
      if (this.isRunning) begun();
    });
  }

  #launch(context: ContainerContext): void {
    if (this.#reboots(context)) return;
    const program = this.#find();
    const end = this.#end;
    const fail = (error: unknown) => {
      if (end && this.#end === end) end(this.#failure(error, context));
    };
    try {
      if (this.isInit || !program.start || (program.name === "plain" && endsByItself(context))) {
        const done = program.runToEnd?.(context) ?? Promise.resolve();
        done.then(() => this.#end === end && this.#end?.({ exitCode: 0, message: "" }), fail);
      } else this.program = program.start(context, fail);
    } catch (error) {
      fail(error);
    }
  }

  #failure(error: unknown, context: ContainerContext): Exit {
    const message = error instanceof Error ? error.message : String(error);
    context.log(message);
    if (error instanceof ProgramExit) return { exitCode: error.exitCode, message };
    this.#host.world.report(error);
    return { exitCode: 1, message };
  }

  /** A helper that restarts the machine: it has succeeded before the power goes. */
  #reboots(context: ContainerContext): boolean {
    const { world } = this.#host;
    if (!endsInReboot(context.argv) || !mayEnterHost(this.#host.pod(), this.spec.name)) return false;
    context.log(`${world.machine.name} goes down for reboot`);
    this.#end?.({ exitCode: 0, message: "" });
    world.clock.after(500, world.rebootHost);
    return true;
  }

  #find(): Program {
    const { world, scopeOf } = this.#host;
    const { image, name } = this.spec;
    return world.programs.find((program) => program.matches(image, name)) ?? plainProgram(world.timings, scopeOf);
  }

  #context(log: ContainerLog): ContainerContext {
    const { world } = this.#host;
    const pod = () => this.#host.pod();
    return {
      get pod() {
        return pod();
      },
      container: this.spec.name,
      image: this.spec.image,
      argv: [...(this.spec.command ?? []), ...(this.spec.args ?? [])],
      machine: world.machine,
      store: world.store,
      clock: world.clock,
      random: this.#random,
      log: (line) => log.write(line),
      signal: this.#stopping.signal,
    };
  }

  #finish(exit: Exit | null): void {
    this.#end = null;
    this.#stopping.abort();
    const { program } = this;
    this.program = null;
    try {
      program?.stop?.();
    } catch (error) {
      this.#host.world.report(error);
    }
    this.log?.close();
    if (exit === null) return;
    const { exitCode, message } = exit;
    this.ready = false;
    this.started = false;
    this.state = {
      terminated: {
        exitCode,
        reason: exitCode === 0 ? "Completed" : "Error",
        ...(message ? { message } : {}),
        startedAt: timestamp(this.#startedAt),
        finishedAt: this.#now(),
        containerID: this.#id(),
      },
    };
    this.#host.changed();
  }

  /** As a shell does that is pid 1 and traps the signal, or hands it on to nobody. */
  get #ignoresTerm(): boolean {
    return /\btrap\s+(''|"")\s+(SIG)?TERM\b/.test((this.spec.command ?? []).join(" "));
  }

  #preStopMs(): number {
    const hook = this.spec.lifecycle?.preStop;
    if (hook?.sleep) return hook.sleep.seconds * 1_000;
    const seconds = /sleep\s+(\d+)/.exec(hook?.exec?.command.join(" ") ?? "")?.[1];
    return seconds === undefined ? 0 : Number(seconds) * 1_000;
  }

  #id(): string {
    return `containerd://${this.#containerId ?? ""}`;
  }

  #now(): string {
    return timestamp(this.#host.world.clock.now());
  }
}

/** A made-up image digest that stays the same for an image. */
function digest(image: string): string {
  let hash = 2166136261;
  for (const letter of image) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0;
  return hash.toString(16).padStart(8, "0").repeat(8);
}
