import type { LabClock } from "./clock.ts";
import type { Machine } from "./machine.ts";
import type { KubeObject, Store } from "./objects.ts";
import type { Random } from "./random.ts";

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What a container's program can see and do. */
export interface ContainerContext {
  readonly pod: KubeObject;
  readonly container: string;
  readonly image: string;
  readonly argv: readonly string[];
  readonly machine: Machine;
  readonly store: Store;
  readonly clock: LabClock;
  readonly random: Random;
  /** A line of the container's log (kubectl logs). */
  log(line: string): void;
  /** Aborted when the container is told to stop. */
  readonly signal: AbortSignal;
}

/** A long-running container once it was started. */
export interface RunningProgram {
  /** What its readiness probe would find now. */
  ready(): boolean;
  /**
   * kubectl exec, by itself or from a shell; null means "not mine": the kubelet's toolbox (ls, cat, mv, rm, ip, iptables, …) answers
   * then. What goes on until it is ended listens to the signal.
   */
  exec?(argv: readonly string[], ends: AbortSignal): ExecResult | null | Promise<ExecResult | null>;
  stop?(): void;
}

/** Thrown by a program that exits by itself: the kubelet restarts the container with CrashLoopBackOff. */
export class ProgramExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.name = "ProgramExit";
    this.exitCode = exitCode;
  }
}

/** What an image does when a container of it runs. The kubelet picks the first whose `matches` says yes. */
export interface Program {
  readonly name: string;
  matches(image: string, container: string): boolean;
  /** Init containers: resolves when it exited 0, throws ProgramExit otherwise. */
  runToEnd?(context: ContainerContext): Promise<void>;
  /** May throw ProgramExit at once, or call `crash` later. */
  start?(context: ContainerContext, crash: (exit: ProgramExit) => void): RunningProgram;
}

/** Wires a new pod sandbox to the network, as the plugin chain of a CNI configuration would. */
export interface CniPlugin {
  /** plugins[0].type of the conflist: "cilium-cni". */
  readonly type: string;
  /** Returns the sandbox's address, or throws with the message that kubelet puts into FailedCreatePodSandBox. */
  add(machine: Machine, pod: KubeObject, conf: unknown): string;
  del(machine: Machine, pod: KubeObject, address: string): void;
  /**
   * What goes with the sandbox's network namespace, whoever is asked to tear it down: with it, a DEL goes to the plugin
   * whose configuration is first by then, and what this one had given out stays given out.
   */
  netnsGone?(machine: Machine, address: string): void;
}
