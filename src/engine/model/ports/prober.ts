import type { ProbePath } from "../events.ts";
import type { PodRef } from "../facts.ts";

/** A pod of our probe DaemonSet. */
export interface ProbePod {
  readonly node: string;
  readonly ref: PodRef;
  readonly ip: string | null;
  readonly ready: boolean;
}

export type ProbeTarget =
  | { readonly kind: "pod"; readonly ip: string }
  /** Cilium's own health endpoint of a node: an address of its new range, reached through its tunnel. */
  | { readonly kind: "health"; readonly ip: string }
  | { readonly kind: "dns"; readonly name: string }
  | { readonly kind: "api-service" };

/** The answer of one sample. What was not measured is neither good nor lost, and says why. */
export type ProbeAnswer =
  | { readonly result: "good"; readonly tookMs: number }
  | { readonly result: "lost"; readonly error: string }
  | { readonly result: "unknown"; readonly why: string };

/** What a probe sees of its node's kernel, and of the pod network; null where it could not tell. */
export interface ProbeLook {
  /** The kernel has type information (CONFIG_DEBUG_INFO_BTF). */
  readonly btf: boolean | null;
  /** MTU of its own eth0, in bytes. */
  readonly podMtu: number | null;
}

export interface Prober {
  /** Creates namespace and DaemonSet of the probe where they are missing. */
  install(image: string): Promise<void>;
  remove(): Promise<void>;
  pods(): Promise<readonly ProbePod[]>;
  /** Reads, changes nothing. */
  look(from: ProbePod): Promise<ProbeLook>;
  /**
   * Asks all targets at once from one pod, with small and full-size packets; one answer a target. Unavailable says that the
   * API server itself was out of reach; a command in the pod that did not run to its end is an answer: unknown.
   */
  probe(from: ProbePod, targets: readonly ProbeTarget[], signal: AbortSignal): Promise<readonly ProbeAnswer[]>;
}

/** One answer on one path. */
export interface PathSample {
  readonly path: ProbePath;
  readonly at: number;
  readonly between: string;
  readonly answer: ProbeAnswer;
  /** Why a loss was to be expected now; absent where it was not. */
  readonly expected?: string;
}
