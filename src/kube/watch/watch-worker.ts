import { parentPort, workerData } from "node:worker_threads";
import { steadyTimer } from "../client/link-timer.ts";
import { Batcher } from "./batcher.ts";
import { projections, type WatchName } from "./projections.ts";
import { WatchLoop, type WatchSink } from "./watch-loop.ts";
import type { FromWorker, ToWorker } from "./watch-protocol.ts";
import { WorkerLink } from "./worker-link.ts";

/** All watch sockets and their decoding live in this thread; the main thread gets small projections in batches. */
function serve(port: NonNullable<typeof parentPort>): void {
  const say = (message: FromWorker) => port.postMessage(message);
  const timer = steadyTimer((workerData as { readonly speedup?: number } | null)?.speedup);
  const link = new WorkerLink(say, timer);
  const loops = new Map<WatchName, WatchLoop>();

  function start(watch: WatchName, path: string): void {
    if (loops.has(watch)) return;
    const batcher = new Batcher(watch, (batch) => say({ say: "batch", ...batch }));
    const project = projections[watch];
    const sink: WatchSink = {
      put: (key, object, version) => batcher.put(key, project(object), version),
      drop: (key) => batcher.drop(key),
      flush: () => batcher.flush(),
      report: (report) => say({ say: "report", watch, report }),
    };
    const loop = new WatchLoop(path, link, sink, { timer });
    loops.set(watch, loop);
    void loop.run();
  }

  const each = (then: (loop: WatchLoop) => void) => {
    for (const loop of loops.values()) then(loop);
  };

  function stop(): void {
    each((loop) => loop.stop());
    link.close();
    port.close();
  }

  port.on("message", (message: ToWorker) => {
    switch (message.ask) {
      case "start":
        return start(message.watch, message.path);
      case "poke":
        return each((loop) => loop.poke());
      case "come-back":
        return each((loop) => loop.comeBack());
      case "renew":
        return loops.get(message.watch)?.renew(message.why);
      case "settings":
        return link.take(message);
      case "stop":
        return stop();
      default:
        message satisfies never;
    }
  });
}

if (parentPort !== null) serve(parentPort);
