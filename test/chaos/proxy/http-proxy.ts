import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";

/** One request on its way to the API server. */
export interface Exchange {
  readonly ordinal: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly userAgent: string;
  /** Of the request, as text; "" for streams and upgrades. */
  readonly body: string;
  readonly kind: "call" | "watch" | "upgrade";
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What becomes of a request, or of its answer: it goes on, the connection is cut, or something else is said. */
export type Verdict = "pass" | "cut" | Answer;

/** A stream that goes through: a watch, or an exec. */
export interface Stream {
  cut(): void;
  /** Half-open: the connection stays and nothing comes any more. */
  freeze(): void;
  /** Told of every piece that the server sends from now on, whether it is handed on or not. */
  heard(then: (piece: Buffer) => void): void;
  readonly ended: boolean;
}

/** Each may take its time: what it awaits is latency. */
export interface Hooks {
  /** Before the API server hears of it. */
  readonly before?: (exchange: Exchange) => Promise<Verdict> | Verdict;
  /** The API server has carried it out; the client does not know yet. Not asked for streams. */
  readonly after?: (exchange: Exchange, answer: Answer) => Promise<Verdict> | Verdict;
  readonly stream?: (exchange: Exchange, stream: Stream) => void;
  /** Milliseconds between the pieces of an answer, for slow bodies; 0 sends it whole. */
  readonly pieceEveryMs?: (exchange: Exchange) => number;
}

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

/** A proxy between a client and an API server that speaks plain HTTP; its port stays while it refuses connections. */
export class HttpProxy {
  readonly #upstream: Upstream;
  readonly #hooks: Hooks;
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #sockets = new Set<Duplex>();
  #server: http.Server;
  #ordinal = 0;
  port = 0;

  private constructor(upstream: Upstream, hooks: Hooks) {
    this.#upstream = upstream;
    this.#hooks = hooks;
    this.#server = this.#serve();
  }

  static async start(upstream: Upstream, hooks: Hooks): Promise<HttpProxy> {
    const proxy = new HttpProxy(upstream, hooks);
    await proxy.#listen(0);
    return proxy;
  }

  /** An outage: whatever is open is cut, and nobody is let in until `join`. */
  async refuse(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await closed;
  }

  async join(): Promise<void> {
    this.#server = this.#serve();
    await this.#listen(this.port);
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.refuse();
    this.#agent.destroy();
  }

  #serve(): http.Server {
    const server = http.createServer((request, response) => void this.#call(request, response));
    server.on("upgrade", (request, socket, head) => void this.#upgrade(request, socket, head));
    server.on("connection", (socket) => {
      // One that was in the listener's queue when it closed would keep it open.
      if (server.listening) this.#hold(socket);
      else socket.destroy();
    });
    server.on("clientError", (_error, socket) => socket.destroy());
    server.keepAliveTimeout = 60_000;
    return server;
  }

  #listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  #hold(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  #exchange(request: IncomingMessage, kind: Exchange["kind"], body: string): Exchange {
    const { method = "GET", url = "/", headers } = request;
    return { ordinal: this.#ordinal++, method, path: url, userAgent: headers["user-agent"] ?? "", body, kind };
  }

  async #call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isWatch = /[?&](watch|follow)=(true|1)/.test(request.url ?? "");
    const body = await textOf(request);
    if (body === null) return;
    const exchange = this.#exchange(request, isWatch ? "watch" : "call", body);
    const verdict = (await this.#hooks.before?.(exchange)) ?? "pass";
    if (verdict === "cut") return void request.socket.destroy();
    if (verdict !== "pass") return this.#reply(exchange, response, verdict);
    const up = this.#forward(request);
    up.on("error", () => request.socket.destroy());
    up.on("response", (answer) => {
      if (isWatch && answer.statusCode === 200) this.#watch(exchange, answer, response);
      else void this.#answered(exchange, answer, response);
    });
    up.end(body === "" ? undefined : body);
  }

  #forward(request: IncomingMessage): http.ClientRequest {
    const headers = { ...request.headers, host: `${this.#upstream.host}:${this.#upstream.port}` };
    return http.request({
      ...this.#upstream,
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers,
      agent: this.#agent,
    });
  }

  async #answered(exchange: Exchange, from: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(from);
    if (body === null) return void response.socket?.destroy();
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(from.headers)) {
      if (value !== undefined && !hopByHop.has(name)) headers[name] = String(value);
    }
    const answer: Answer = { status: from.statusCode ?? 502, headers, body };
    const verdict = (await this.#hooks.after?.(exchange, answer)) ?? "pass";
    if (verdict === "cut") return void response.socket?.destroy();
    await this.#reply(exchange, response, verdict === "pass" ? answer : verdict);
  }

  async #reply(exchange: Exchange, response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    const everyMs = this.#hooks.pieceEveryMs?.(exchange) ?? 0;
    if (everyMs === 0) return void response.end(body);
    const whole = Buffer.from(body);
    const pieces = 8;
    const size = Math.max(1, Math.ceil(whole.length / pieces));
    for (let at = 0; at < whole.length && !response.destroyed; at += size) {
      response.write(whole.subarray(at, at + size));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    response.end();
  }

  #watch(exchange: Exchange, answer: IncomingMessage, response: ServerResponse): void {
    const { "content-type": type = "application/json" } = answer.headers;
    response.writeHead(200, { "content-type": type });
    response.flushHeaders();
    answer.on("data", (chunk: Buffer) => response.write(chunk));
    answer.on("end", () => response.end());
    answer.on("error", () => response.destroy());
    response.on("close", () => answer.destroy());
    this.#hooks.stream?.(exchange, {
      cut: () => response.destroy(),
      freeze: () => answer.removeAllListeners("data").removeAllListeners("end").resume(),
      heard: (then) => void answer.on("data", then),
      get ended() {
        return response.destroyed || response.writableEnded;
      },
    });
  }

  async #upgrade(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    client.on("error", () => undefined);
    const exchange = this.#exchange(request, "upgrade", "");
    const verdict = (await this.#hooks.before?.(exchange)) ?? "pass";
    if (verdict === "cut") return void client.destroy();
    if (verdict !== "pass") {
      client.end(
        `HTTP/1.1 ${verdict.status} No\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(verdict.body)}\r\nconnection: close\r\n\r\n${verdict.body}`,
      );
      return;
    }
    const headers = { ...request.headers, host: `${this.#upstream.host}:${this.#upstream.port}` };
    const up = http.request({ ...this.#upstream, method: "GET", path: request.url ?? "/", headers });
    up.on("error", () => client.destroy());
    up.on("response", (answer) => {
      void textOf(answer).then((body) => {
        client.end(
          `HTTP/1.1 ${answer.statusCode} No\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body ?? "")}\r\nconnection: close\r\n\r\n${body ?? ""}`,
        );
      });
    });
    up.on("upgrade", (answer, server, serverHead) => {
      this.#join(exchange, answer, { client, server: server as Socket, heads: [head, serverHead] });
    });
    up.end();
  }

  #join(
    exchange: Exchange,
    answer: IncomingMessage,
    { client, server, heads: [head, serverHead] }: { client: Duplex; server: Socket; heads: readonly [Buffer, Buffer] },
  ): void {
    this.#hold(server);
    const lines = [`HTTP/1.1 101 Switching Protocols`];
    for (let index = 0; index < answer.rawHeaders.length; index += 2) {
      lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
    }
    client.write(`${lines.join("\r\n")}\r\n\r\n`);
    if (serverHead.length > 0) server.unshift(serverHead);
    if (head.length > 0) server.write(head);
    server.pipe(client).pipe(server);
    server.on("close", () => client.destroy());
    client.on("close", () => server.destroy());
    this.#hooks.stream?.(exchange, {
      cut: () => client.destroy(),
      freeze: () => {
        server.unpipe(client);
        server.resume();
      },
      heard: (then) => void server.on("data", then),
      get ended() {
        return client.destroyed;
      },
    });
  }
}

/** Null when the connection broke before the end. */
async function textOf(message: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString("utf8");
}
