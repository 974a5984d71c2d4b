import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { LabClock } from "../clock.ts";
import type { ApiStore } from "../store/api-store.ts";
import type { Evict } from "./evict.ts";
import { execProtocols } from "./exec.ts";
import type { Faults } from "./faults.ts";
import { HeldLists } from "./held-lists.ts";
import type { PodAccess } from "./pod-access.ts";
import type { Authorize } from "./reviews.ts";
import { type ServerParts, serveRequest } from "./serve-request.ts";
import { serveUpgrade } from "./serve-upgrade.ts";

/** What `/lab/...` leads to: the lab's own controls, which no Kubernetes API has. */
export type Control = (path: string, body: unknown) => Promise<{ readonly status: number; readonly body: unknown }>;

export interface ApiServerOptions {
  readonly store: ApiStore;
  readonly clock: LabClock;
  /** The bearer token that every request but those for health and version must bring. */
  readonly token: string;
  /** gitVersion, for example v1.33.4 */
  readonly version: string;
  readonly pods: PodAccess;
  readonly evict: Evict;
  /** All is allowed when left out; asked by access reviews only. */
  readonly authorize?: Authorize;
  readonly control?: Control;
  /** Injected failures; none when left out. */
  readonly faults?: Faults;
  /** Told of errors that are the lab's own; the client gets a 500. */
  readonly onFault?: (error: unknown, request: string) => void;
}

/** A running API server. */
export interface ApiServer {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  /** Ends every watch, log and exec, and the listener. */
  close(): Promise<void>;
}

/** Kubernetes over HTTP on loopback, on a port that the system picks. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const closing = new AbortController();
  const { store, clock, version, pods, evict, authorize = () => true } = options;
  const held = new HeldLists(clock);
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: bestProtocol });
  const parts: ServerParts = {
    ...options,
    world: { store, clock, version, pods, evict, authorize, held },
    closing: closing.signal,
    address: () => url,
  };
  const server = createServer((request, response) => void serveRequest(parts, request, response));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void serveUpgrade({ ...parts, sockets }, request, socket, head);
  });
  // Pooled connections of clients outlive Node's default of 5 s; a close in mid-request would look like a reset.
  server.keepAliveTimeout = 180_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async close() {
      closing.abort();
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise((resolve) => server.close(resolve));
      // One turn for streams to end themselves before their sockets are cut.
      await new Promise((resolve) => setImmediate(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function bestProtocol(offered: ReadonlySet<string>): string | false {
  return execProtocols.find((protocol) => offered.has(protocol)) ?? false;
}
