import { createServer as createHttp, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Certificate } from "./certificate.ts";

/** Pooled connections of clients outlive Node's default of 5 s; a close in mid-request would look like a reset. */
const keepAliveMs = 180_000;

/** First byte of a TLS handshake; no HTTP method begins with it. */
const handshake = 0x16;

/** A port of 127.0.0.1 that answers HTTP and HTTPS alike. */
export interface LoopbackListener {
  readonly port: number;
  /** Cuts every connection; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

/** Listens on a port that the system picks; looks at the first byte of each connection. */
export async function listenOnLoopback(
  certificate: Certificate,
  onRequest: RequestListener,
  onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<LoopbackListener> {
  const plain = createHttp(onRequest);
  // Who brings no certificate is known by a token: hence asked for, never demanded.
  const clients = { ca: certificate.cert, requestCert: true, rejectUnauthorized: false };
  const secure = createHttps({ ...certificate, ...clients }, onRequest);
  for (const server of [plain, secure]) {
    server.keepAliveTimeout = keepAliveMs;
    server.on("upgrade", onUpgrade);
  }
  const open = new Set<Socket>();
  const front = createServer((socket) => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === handshake ? secure : plain).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise<void>((resolve, reject) => {
    front.once("error", reject);
    front.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (front.address() as AddressInfo).port,
    cut() {
      for (const socket of open) socket.destroy();
    },
    async close() {
      const closed = new Promise((resolve) => front.close(resolve));
      // One turn for streams to end themselves before their sockets are cut.
      await new Promise((resolve) => setImmediate(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
