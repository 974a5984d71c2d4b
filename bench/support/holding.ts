import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a process that holds a cluster says of itself, as one JSON line. */
export interface Holding {
  readonly pods: number;
  readonly nodes: number;
  /** From the first request to the whole cluster in memory. */
  readonly syncMs: number;
  /** After a garbage collection, everything in memory. */
  readonly rssMb: number;
  readonly peakMb: number;
  /** The longest time in which the main thread did nothing else. */
  readonly stallMs: number;
  /** Until the last of `events` changes was seen; null when none was asked for. */
  readonly stormMs: number | null;
}

export interface Holder {
  /** Resolves when everything is in memory. */
  sync(): Promise<{ readonly pods: number; readonly nodes: number }>;
  /** True once a pod has failed: the last change of the storm. */
  sawLast(): boolean;
  stop(): Promise<void>;
}

const mb = (bytes: number) => Math.round(bytes / 1024 / 1024);

/** Runs with --expose-gc; STORM_URL and EVENTS ask for changes after the first list. */
export async function hold(holder: Holder): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const began = performance.now();
  const held = await holder.sync();
  const syncMs = performance.now() - began;
  delay.disable();
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 500));
  globalThis.gc?.();
  const rssMb = mb(process.memoryUsage().rss);
  const events = Number(process.env.EVENTS ?? 0);
  let stormMs: number | null = null;
  if (events > 0) {
    const from = performance.now();
    await fetch(`${process.env.STORM_URL}/storm?events=${events}`, { method: "POST" });
    while (!holder.sawLast()) await new Promise((resolve) => setTimeout(resolve, 10));
    stormMs = performance.now() - from;
  }
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const said: Holding = { ...held, syncMs, rssMb, peakMb, stallMs: delay.max / 1e6, stormMs };
  process.stdout.write(`${JSON.stringify(said)}\n`);
  await holder.stop();
  process.exit(0);
}
