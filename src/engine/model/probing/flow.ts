/** Kinds of path that a prober measures, in the order in which they are listed. */
export const flowPaths = [
  "source-to-source",
  "source-to-cilium",
  "cilium-to-source",
  "cilium-to-cilium",
  "service",
  "dns",
  "api-service",
  "host-to-pod",
  "pod-to-host",
  "host-to-host",
  "node-port",
  "external",
] as const;
export type FlowPath = (typeof flowPaths)[number];

/** One target of one prober: what is asked, and from where. */
export interface Flow {
  readonly id: string;
  readonly path: FlowPath;
  /** Node of the prober. */
  readonly from: string;
  /** Node of the other end; null where there is no one node: DNS, the API service, a target outside. */
  readonly to: string | null;
  readonly everyMs: number;
}

/** How much may be lost, on a path that worked before, without a reason that the run itself gives. */
export interface LossBudget {
  /** A longer gap exceeds it. */
  readonly gapMs: number;
  /** Share of probes, 0 to 1: a larger one exceeds it, where that is not chance. */
  readonly share: number;
  /** Over the last so many milliseconds. */
  readonly overMs: number;
}

export const defaultLossBudget: LossBudget = { gapMs: 1_000, share: 0.005, overMs: 30_000 };

/**
 * How a flow exceeded it. "failing": a gap that is still open; "gap": one that has ended; "flapping": it comes and goes; "lossy": a share
 * that is lost all the time.
 */
export type TrespassKind = "failing" | "gap" | "flapping" | "lossy";

export interface Trespass {
  readonly kind: TrespassKind;
  readonly flow: Flow;
  /** Of the first probe that was lost, epoch milliseconds by the engine's clock. */
  readonly since: number;
  /** Of the gap; for "flapping" and "lossy" the longest. */
  readonly gapMs: number;
  readonly lost: number;
  /** Of how many it was lost. */
  readonly sent: number;
  /** What the run did then: "worker-3: drain", or the step of the run. */
  readonly during: string;
  readonly error: string;
}

/** A flow of which nothing is known now. */
export interface Unmeasured {
  readonly flow: Flow;
  /** Of its last line; null where there was none. */
  readonly since: number | null;
}

/** "unknown" where nothing is exceeded and not all of it is measured: never good, and never lost. */
export interface LossVerdict {
  readonly is: "within" | "exceeded" | "unknown";
  /** The worst first. */
  readonly trespasses: readonly Trespass[];
  readonly unmeasured: readonly Unmeasured[];
}
