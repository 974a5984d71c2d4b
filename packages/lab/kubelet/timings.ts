import type { Random } from "../random.ts";

/** A seeded duration lies between the two, in lab milliseconds. */
export interface Span {
  readonly lowMs: number;
  readonly highMs: number;
}

/** How long what takes on a node of the lab. */
export interface KubeletTimings {
  /** To set up a pod's sandbox, the CNI plugin included. */
  readonly sandbox: Span;
  /** Until a sandbox that could not be set up is tried again. */
  readonly sandboxRetry: Span;
  /** To pull an image that the machine has not yet. */
  readonly pull: Span;
  /** To create and start a container. */
  readonly create: Span;
  /** Until a plain server answers its first request. */
  readonly warmUp: Span;
  /** From SIGTERM to the end of a container; never more than its grace. */
  readonly stop: Span;
  /** What a command that ends by itself takes. */
  readonly task: Span;
  /** From power off until the kubelet runs again. */
  readonly reboot: Span;
  /** From the kubelet's start until its container runtime answers. */
  readonly runtime: Span;
}

export const defaultTimings: KubeletTimings = {
  sandbox: { lowMs: 150, highMs: 600 },
  sandboxRetry: { lowMs: 1_500, highMs: 4_000 },
  pull: { lowMs: 600, highMs: 3_000 },
  create: { lowMs: 60, highMs: 300 },
  warmUp: { lowMs: 400, highMs: 2_500 },
  stop: { lowMs: 200, highMs: 3_500 },
  task: { lowMs: 300, highMs: 1_500 },
  reboot: { lowMs: 8_000, highMs: 20_000 },
  runtime: { lowMs: 800, highMs: 2_500 },
};

/** One duration out of a span. */
export function draw(random: Random, span: Span): number {
  return random.between(span.lowMs, span.highMs);
}
