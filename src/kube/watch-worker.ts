import type http from "node:http";
import { parentPort } from "node:worker_threads";
import { Batcher } from "./batcher.ts";
import type { LinkSettings } from "./link-settings.ts";
import { projections, type WatchName } from "./projections.ts";
import { send } from "./send.ts";
import { agentKey, socketAgent } from "./socket-agent.ts";
import { type WatchLink, WatchLoop } from "./watch-loop.ts";
import type { FromWorker, ToWorker } from "./watch-protocol.ts";

/** All watch sockets and their decoding live in this thread; the main thread gets small projections in batches. */
function serve(port: NonNullable<typeof parentPort>): void {
  const say = (message: FromWorker) => port.postMessage(message);
  const waiting = new Map<number, (message: Extract<ToWorker, { ask: "settings" }>) => void>();
  const loops = new Map<WatchName, WatchLoop>();
  let nextId = 0;
  let pool: { readonly key: string; readonly agent: http.Agent } | null = null;

  function settings(refused: boolean): Promise<LinkSettings> {
    nextId += 1;
    const id = nextId;
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ settings: found, error }) => (found === null ? reject(new Error(error)) : resolve(found)));
      say({ say: "settings-wanted", id, refused });
    });
  }

  function agentFor(found: LinkSettings): http.Agent {
    const key = agentKey(found);
    // The former pool is left to its open watches and dies with them.
    if (pool?.key !== key) pool = { key, agent: socketAgent(found) };
    return pool.agent;
  }

  const link: WatchLink = {
    async open(path, { signal, compress, refused }) {
      const found = await settings(refused);
      say({ say: "sent", verb: path.includes("watch=true") ? "WATCH" : "GET" });
      return send(agentFor(found), found, { method: "GET", path, signal, compress });
    },
  };

  function start(watch: WatchName, path: string): void {
    if (loops.has(watch)) return;
    const batcher = new Batcher(watch, (batch) => say({ say: "batch", ...batch }));
    const project = projections[watch];
    const loop = new WatchLoop(path, link, {
      put: (key, object) => batcher.put(key, project(object)),
      drop: (key) => batcher.drop(key),
      flush: () => batcher.flush(),
      report: (report) => say({ say: "report", watch, report }),
    });
    loops.set(watch, loop);
    void loop.run();
  }

  port.on("message", (message: ToWorker) => {
    switch (message.ask) {
      case "start":
        return start(message.watch, message.path);
      case "poke":
        for (const loop of loops.values()) loop.poke();
        return;
      case "settings":
        waiting.get(message.id)?.(message);
        waiting.delete(message.id);
        return;
      case "stop":
        for (const loop of loops.values()) loop.stop();
        pool?.agent.destroy();
        port.close();
        return;
      default:
        message satisfies never;
    }
  });
}

if (parentPort !== null) serve(parentPort);
