import { pause } from "../clock.ts";
import type { ContainerContext } from "../program.ts";
import type { Random } from "../random.ts";
import { CniSandbox } from "./cni-sandbox.ts";
import { ContainerRun } from "./container-run.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { PodFiles } from "./pod-files.ts";
import { podStatus } from "./pod-status.ts";
import type { ContainerSpec, PodObject } from "./pod-types.ts";
import { type Restarts, superviseContainer } from "./restarts.ts";
import { draw } from "./timings.ts";
import type { ToolScope } from "./toolbox/tool.ts";

/** One pod on one node, from its sandbox to its removal. */
export class PodRun {
  readonly inits: readonly ContainerRun[];
  readonly mains: readonly ContainerRun[];
  readonly files: PodFiles;
  pod: PodObject;
  readonly #world: KubeletWorld;
  readonly #random: Random;
  readonly #startedAt: number;
  #sandbox: CniSandbox | null = null;
  #hasSandbox = false;
  /** The status keeps the address after the sandbox is gone. */
  #address: string | null = null;
  #over = false;
  #terminating: Promise<void> | null = null;
  #abandoned = false;
  #syncing = false;
  /** Aborted when nothing new may be started. */
  #growth = new AbortController();
  /** Aborted when what runs is cut off without a word. */
  #power = new AbortController();

  constructor(world: KubeletWorld, pod: PodObject) {
    this.#world = world;
    this.pod = pod;
    this.#random = world.random.fork(pod.metadata.name);
    this.#startedAt = world.clock.now();
    this.files = new PodFiles(world.store, world.machine, () => this.pod);
    this.inits = (pod.spec.initContainers ?? []).map((spec) => this.#container(spec, true));
    this.mains = pod.spec.containers.map((spec) => this.#container(spec, false));
  }

  /** Ended for good: neither a restart nor a reboot begins it again. */
  get isOver(): boolean {
    return this.#over;
  }

  get address(): string | null {
    return this.#address;
  }

  /** The first status is written with the sandbox, or with its failure. */
  begin(): void {
    const waiting = this.inits.length > 0 ? "PodInitializing" : "ContainerCreating";
    for (const container of this.mains) container.state = { waiting: { reason: waiting } };
    for (const container of this.inits) {
      container.state = { waiting: { reason: container === this.inits[0] ? "ContainerCreating" : "PodInitializing" } };
    }
    this.#life(this.#growth.signal).catch((error) => this.#world.report(error));
  }

  /** The machine is back: a new sandbox, and all containers anew. */
  resume(): void {
    if (this.#over) return;
    this.#growth = new AbortController();
    this.#power = new AbortController();
    for (const container of [...this.inits, ...this.mains]) container.renew();
    const lost =
      this.pod.spec.restartPolicy === "Never" && this.mains.some(({ lastState }) => "terminated" in lastState);
    this.#world.events.add(this.pod, this.#world.machine.name, {
      type: "Normal",
      reason: "SandboxChanged",
      message: "Pod sandbox changed, it will be killed and re-created.",
    });
    this.#tearDown();
    if (lost) this.#loseAll();
    else this.begin();
    this.sync();
  }

  /** A pod that may not be restarted has failed when its containers were lost. */
  #loseAll(): void {
    for (const container of this.mains) container.lose();
    this.#over = true;
    this.sync();
  }

  powerOff(): void {
    this.#power.abort();
    this.#growth.abort();
    this.#hasSandbox = false;
    for (const container of [...this.inits, ...this.mains]) container.cut();
  }

  /** Graceful: containers stop within their grace, then the pod leaves the API. Calling again changes nothing. */
  terminate(): Promise<void> {
    this.#terminating ??= this.#terminate().finally(() => {
      this.#terminating = null;
    });
    return this.#terminating;
  }

  /** The pod is not in the API any more: whatever still runs is killed. */
  abandon(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    this.powerOff();
    this.#tearDown();
  }

  /** Writes the status soon; many changes at one moment are one write. */
  sync(): void {
    if (this.#syncing) return;
    this.#syncing = true;
    queueMicrotask(() => {
      this.#syncing = false;
      this.#write();
    });
  }

  /** Where a command of one of its containers runs. */
  scope(container: string, signal: AbortSignal, stdin: ToolScope["stdin"] = nothing): ToolScope {
    return this.files.scope(container, { world: this.#world, address: this.#address, signal, stdin });
  }

  #container(spec: ContainerSpec, isInit: boolean): ContainerRun {
    return new ContainerRun(spec, {
      world: this.#world,
      isInit,
      pod: () => this.pod,
      changed: () => this.sync(),
      scopeOf: ({ container, signal }: ContainerContext) => this.scope(container, signal),
    });
  }

  async #life(calledOff: AbortSignal): Promise<void> {
    if (!(await this.#makeSandbox(calledOff))) return;
    for (const container of this.inits) {
      if (!(await this.#initialize(container, calledOff))) return;
    }
    if (this.inits.length > 0) for (const container of this.mains) container.wait("ContainerCreating");
    await Promise.all(this.mains.map((container) => superviseContainer(container, this.#restarts(calledOff))));
    if (calledOff.aborted) return;
    this.#over = true;
    this.#tearDown();
    this.sync();
  }

  /** Again and again until it exits 0, unless the pod says never. */
  async #initialize(container: ContainerRun, calledOff: AbortSignal): Promise<boolean> {
    const restarts = this.#restarts(calledOff);
    const policy = this.pod.spec.restartPolicy === "Never" ? "Never" : "OnFailure";
    await superviseContainer(container, { ...restarts, policy });
    if (calledOff.aborted) return false;
    if (container.exitCode === 0) return true;
    this.#over = true;
    this.#tearDown();
    this.sync();
    return false;
  }

  #restarts(calledOff: AbortSignal): Restarts {
    return {
      world: this.#world,
      calledOff,
      policy: this.pod.spec.restartPolicy ?? "Always",
      sandbox: { pod: () => this.pod, address: () => this.#address, changed: () => this.sync() },
    };
  }

  /** False when called off. The address stays until the sandbox goes. */
  async #makeSandbox(calledOff: AbortSignal): Promise<boolean> {
    const { clock, machine, plugins, timings, events } = this.#world;
    for (;;) {
      await pause(clock, draw(this.#random, timings.sandbox), calledOff);
      if (calledOff.aborted) return false;
      try {
        if (this.pod.spec.hostNetwork) this.#address = machine.ip;
        else {
          this.#sandbox = CniSandbox.create(machine, plugins, this.pod);
          this.#address = this.#sandbox.address;
        }
        this.#hasSandbox = true;
        this.sync();
        return true;
      } catch (error) {
        this.sync();
        const message = error instanceof Error ? error.message : String(error);
        events.add(this.pod, machine.name, {
          type: "Warning",
          reason: "FailedCreatePodSandBox",
          message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: ${message}`,
        });
        await pause(clock, draw(this.#random, timings.sandboxRetry), calledOff);
      }
    }
  }

  #tearDown(): void {
    this.#hasSandbox = false;
    const sandbox = this.#sandbox;
    this.#sandbox = null;
    if (!sandbox) return;
    try {
      sandbox.remove(this.#world.machine, this.pod);
    } catch (error) {
      const message = `error killing pod: failed to destroy network for sandbox: ${error instanceof Error ? error.message : String(error)}`;
      this.#world.events.add(this.pod, this.#world.machine.name, { type: "Warning", reason: "FailedKillPod", message });
    }
  }

  async #terminate(): Promise<void> {
    const power = this.#power.signal;
    this.#growth.abort();
    const { deletionGracePeriodSeconds, namespace = "default", name, uid } = this.pod.metadata;
    const graceMs = (deletionGracePeriodSeconds ?? this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1_000;
    await Promise.all([...this.inits, ...this.mains].map((container) => container.stop(graceMs, power)));
    if (power.aborted) return;
    this.#tearDown();
    this.#write();
    this.#abandoned = true;
    this.#world.store.remove("pods", namespace, name, uid);
  }

  #write(): void {
    if (this.#abandoned || !this.#world.machine.up) return;
    const { store, machine, clock } = this.#world;
    const { namespace = "default", name, uid } = this.pod.metadata;
    const change = (copy: PodObject & { status?: unknown }) => {
      if (copy.metadata.uid !== uid) return;
      copy.status = podStatus({
        pod: copy,
        hostIp: machine.ip,
        address: this.#address,
        hasSandbox: this.#hasSandbox,
        startedAt: this.#startedAt,
        inits: this.inits,
        mains: this.mains,
        over: this.#over,
        now: clock.now(),
      });
    };
    store.change<PodObject>("pods", namespace, name, change, { subresource: "status", manager: "kubelet" });
  }
}

const nothing = () => Promise.resolve("");
