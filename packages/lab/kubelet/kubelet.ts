import { pause } from "../clock.ts";
import type { Machine, MachineFault } from "../machine.ts";
import type { StoreEvent } from "../objects.ts";
import type { EventLog } from "./event-log.ts";
import type { FleetWorld, KubeletWorld } from "./kubelet-world.ts";
import { clearVolatile, newLease } from "./machine-boot.ts";
import { type NodeIdentity, postNodeStatus, readinessFault, registerNode, renewLease } from "./node-status.ts";
import { PodRun } from "./pod-run.ts";
import type { PodObject } from "./pod-types.ts";
import { type ControlPlaneFacts, isMirror, staticPods } from "./static-pods.ts";
import { draw } from "./timings.ts";

/** One node's part of the cluster. */
export interface KubeletSetup extends NodeIdentity, ControlPlaneFacts {
  readonly machine: Machine;
  /** As in kind, where a node is a container: its kernel, and so its bootID, outlives the restart. */
  readonly keepBootId: boolean;
  readonly events: EventLog;
}

const heartbeatMs = 10_000;
const impatientMs = 1_000;
/** Without a change the status is posted only every five minutes. */
const statusEveryMs = 300_000;

/**
 * Runs the pods of one node and speaks for it. The reboot of a control plane stops its static pods but not the lab's API
 * server, which stands outside the machines: as if the cluster had a load balancer before several of them.
 */
export class Kubelet {
  readonly machine: Machine;
  readonly #world: KubeletWorld;
  readonly #setup: KubeletSetup;
  readonly #runs = new Map<string, PodRun>();
  #runtimeIsUp = false;
  #fault: string | null = "";
  #postedAt = 0;
  #renewedAt = 0;
  #cancelTick: () => void = () => undefined;
  #cancelRuntime: () => void = () => undefined;
  #rebooting: Promise<void> | null = null;
  #stopped = new AbortController();

  constructor(fleet: FleetWorld, setup: KubeletSetup) {
    this.machine = setup.machine;
    this.#setup = setup;
    this.#world = {
      ...fleet,
      random: fleet.random.fork(setup.machine.name),
      machine: setup.machine,
      events: setup.events,
      images: new Set(),
      rebootHost: () => void this.reboot().catch(fleet.report),
    };
  }

  start(): void {
    registerNode(this.#world, this.#setup);
    this.#say("Starting", "Starting kubelet.");
    this.#comeUp();
    if (this.#setup.isControlPlane) this.#mirror();
  }

  /** An event about a pod that is bound to this node. */
  receive({ type, object }: StoreEvent<PodObject>): void {
    if (!this.machine.up || this.#runtimeFails || this.#stopped.signal.aborted) return;
    if (type === "DELETED") this.#gone(object);
    else this.#seen(object);
  }

  pod(namespace: string, name: string): PodRun | undefined {
    for (const run of this.#runs.values()) {
      if (run.pod.metadata.name === name && run.pod.metadata.namespace === namespace) return run;
    }
    return undefined;
  }

  /** Off and on again; resolves when the machine is up. During a reboot it joins that one. */
  reboot(options: { readonly downMs?: number } = {}): Promise<void> {
    this.#rebooting ??= this.#reboot(options.downMs).finally(() => {
      this.#rebooting = null;
    });
    return this.#rebooting;
  }

  /** The lab ends, or the machine leaves for good: nothing is written any more. */
  stop(): void {
    this.#stopped.abort();
    this.#stopTicking();
    this.machine.up = false;
    for (const run of this.#runs.values()) run.powerOff();
    this.#runs.clear();
  }

  async #reboot(downMs: number | undefined): Promise<void> {
    const { clock, random, timings } = this.#world;
    const forMs = downMs ?? draw(random, timings.reboot);
    this.machine.up = false;
    this.#stopTicking();
    for (const run of this.#runs.values()) run.powerOff();
    if (this.machine.faults.delete("new-address")) this.machine.ip = newLease(this.machine.ip);
    clearVolatile(this.machine);
    await pause(clock, forMs, this.#stopped.signal);
    await this.#repaired("stays-off");
    if (this.#stopped.signal.aborted) return;
    const keepsBootId = this.#setup.keepBootId || this.machine.faults.has("keeps-boot-id");
    if (!keepsBootId) this.machine.bootId = random.uuid();
    this.machine.up = true;
    registerNode(this.#world, this.#setup);
    this.#say("Starting", "Starting kubelet.");
    const node = this.machine.name;
    if (!keepsBootId) this.#say("Rebooted", `Node ${node} has been rebooted, boot id: ${this.machine.bootId}`);
    this.#comeUp();
    if (!this.#runtimeFails) this.#takeStock();
  }

  /** Not ready until the container runtime answers. */
  #comeUp(): void {
    const { clock, random, timings } = this.#world;
    this.#runtimeIsUp = false;
    this.#fault = "";
    this.#tick();
    let failed = false;
    const look = () => {
      if (this.#runtimeFails) {
        failed = true;
        this.#cancelRuntime = clock.after(impatientMs, look);
        return;
      }
      this.#runtimeIsUp = true;
      this.#tick();
      if (failed) this.#takeStock();
    };
    this.#cancelRuntime = clock.after(draw(random, timings.runtime), look);
  }

  /** Nothing on the machine is started or stopped; the kubelet itself speaks on. */
  get #runtimeFails(): boolean {
    return !this.#runtimeIsUp && this.machine.faults.has("runtime-down");
  }

  async #repaired(fault: MachineFault): Promise<void> {
    while (this.machine.faults.has(fault) && !this.#stopped.signal.aborted)
      await pause(this.#world.clock, impatientMs, this.#stopped.signal);
  }

  #stopTicking(): void {
    this.#cancelTick();
    this.#cancelRuntime();
  }

  /** Lease, readiness, and the next time: soon while the node is not ready. */
  #tick(): void {
    if (!this.machine.up || this.#stopped.signal.aborted) return;
    this.#cancelTick();
    const { clock, report } = this.#world;
    try {
      this.#beat();
    } catch (error) {
      report(error);
    }
    this.#cancelTick = clock.after(this.#fault === null ? heartbeatMs : impatientMs, () => this.#tick());
  }

  #beat(): void {
    const { clock } = this.#world;
    const fault = readinessFault(this.#world, this.#runtimeIsUp);
    const before = this.#fault;
    if (fault !== before || clock.now() - this.#postedAt >= statusEveryMs) {
      this.#postedAt = clock.now();
      this.#fault = fault;
      postNodeStatus(this.#world, this.#setup, fault);
      if ((fault === null) !== (before === null) && before !== "") {
        this.#say(
          fault === null ? "NodeReady" : "NodeNotReady",
          `Node ${this.machine.name} status is now: ${fault === null ? "NodeReady" : "NodeNotReady"}`,
        );
      }
    }
    if (fault !== null && clock.now() - this.#renewedAt < heartbeatMs) return;
    this.#renewedAt = clock.now();
    renewLease(this.#world);
  }

  /** After a boot: the pods that are still meant to be here get new sandboxes, the others are cleared away. */
  #takeStock(): void {
    const here = new Map(this.#world.store.podsOn<PodObject>(this.machine.name).map((pod) => [pod.metadata.uid, pod]));
    for (const [uid, run] of this.#runs) {
      const pod = here.get(uid);
      if (!pod) {
        this.#runs.delete(uid);
        run.abandon();
      } else {
        run.pod = pod;
        run.resume();
        if (pod.metadata.deletionTimestamp) this.#terminate(run);
      }
    }
    for (const pod of here.values()) this.#seen(pod);
    if (this.#setup.isControlPlane) this.#mirror();
  }

  #seen(pod: PodObject): void {
    const uid = pod.metadata.uid ?? "";
    const known = this.#runs.get(uid);
    if (known) known.pod = pod;
    else if (!isFinished(pod) || pod.metadata.deletionTimestamp) this.#begin(uid, pod);
    const run = this.#runs.get(uid);
    if (run && pod.metadata.deletionTimestamp) this.#terminate(run);
  }

  #begin(uid: string, pod: PodObject): void {
    const mirrored = isMirror(pod) ? this.pod(pod.metadata.namespace ?? "default", pod.metadata.name) : undefined;
    const run = mirrored ?? new PodRun(this.#world, pod);
    if (mirrored) {
      this.#runs.delete(mirrored.pod.metadata.uid ?? "");
      mirrored.pod = pod;
    }
    this.#runs.set(uid, run);
    if (mirrored) run.sync();
    else if (!pod.metadata.deletionTimestamp) run.begin();
  }

  #terminate(run: PodRun): void {
    const { namespace = "default", name, uid } = run.pod.metadata;
    // The file is still there: the containers of a static pod go on, only its mirror is made anew.
    if (isMirror(run.pod)) queueMicrotask(() => this.#world.store.remove("pods", namespace, name, uid));
    else run.terminate().catch(this.#world.report);
  }

  #gone(pod: PodObject): void {
    const uid = pod.metadata.uid ?? "";
    const run = this.#runs.get(uid);
    if (!run) return;
    if (isMirror(pod)) {
      this.#world.clock.after(1_000, () => this.#mirror());
      return;
    }
    this.#runs.delete(uid);
    run.abandon();
  }

  /** Shows the static pods in the API where they are not. */
  #mirror(): void {
    const { store, machine } = this.#world;
    const nodeUid = store.get("nodes", null, machine.name)?.metadata.uid;
    if (!machine.up || this.#stopped.signal.aborted || nodeUid === undefined) return;
    for (const pod of staticPods(machine, this.#setup, nodeUid)) {
      const { namespace = "default", name } = pod.metadata;
      if (!store.get("pods", namespace, name)) store.create("pods", pod, { manager: "kubelet" });
    }
  }

  #say(reason: string, message: string): void {
    const node = this.#world.store.get("nodes", null, this.machine.name);
    if (node)
      this.#world.events.add(node, this.machine.name, {
        type: reason === "Rebooted" ? "Warning" : "Normal",
        reason,
        message,
      });
  }
}

function isFinished({ status }: PodObject): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
