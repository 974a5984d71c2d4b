import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { bytesOf } from "./bytes-of.ts";
import { refusedUpgrade } from "./refused-upgrade.ts";
import { WatchPipe } from "./watch-pipe.ts";

/** One request on its way to the API server. */
export interface Exchange {
  readonly ordinal: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly userAgent: string;
  readonly authorization: string;
  /** Of the request, as text; "" for streams and upgrades. */
  readonly body: string;
  readonly kind: "call" | "watch" | "upgrade";
  /** Whoever asked has broken the connection off meanwhile. */
  readonly gone: () => boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Where it is no text: kubectl and helm speak protobuf too. */
  readonly raw?: Buffer;
}

/**
 * What becomes of a request, or of its answer: it goes on, the connection is cut, nothing is ever said, or something else
 * is; of an answer only the first half may come.
 */
export type Verdict = "pass" | "cut" | "silence" | "half" | Answer;

/** A stream that goes through: a watch, or an exec. */
export interface Stream {
  cut(): void;
  /** Half-open: the connection stays and nothing comes any more. */
  freeze(): void;
  /** Told of every piece that the server sends from now on, whether it is handed on or not. */
  heard(then: (piece: Buffer) => void): void;
  readonly ended: boolean;
}

/** What of a request the API server gets to see in another form. */
export interface Rewritten {
  readonly path: string;
  readonly body: string;
}

/** Each may take its time: what it awaits is latency. */
export interface Hooks {
  /** Before the API server hears of it. */
  readonly before?: (exchange: Exchange) => Promise<Verdict> | Verdict;
  readonly rewrite?: (exchange: Exchange) => Rewritten | null;
  /** The API server has carried it out; the client does not know yet. Not asked for streams. */
  readonly after?: (exchange: Exchange, answer: Answer) => Promise<Verdict> | Verdict;
  readonly stream?: (exchange: Exchange, stream: Stream) => void;
  /** One event of a watch, in its order; null keeps it back for good. */
  readonly event?: (exchange: Exchange, line: string) => Promise<string | null> | string | null;
  /** Milliseconds between the pieces of an answer, for slow bodies; 0 sends it whole. */
  readonly pieceEveryMs?: (exchange: Exchange) => number;
}

export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** Before every path, where the server's address has one. */
  readonly prefix?: string;
  /** Speaks TLS with this; plain HTTP without. */
  readonly tls?: https.RequestOptions;
  /** Set on every request: who the proxy is to the API server. */
  readonly headers?: () => Promise<Readonly<Record<string, string | readonly string[]>>>;
}

const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

/** A proxy between a client and an API server; its port stays while it refuses connections. */
export class HttpProxy {
  readonly #upstream: Upstream;
  readonly #hooks: Hooks;
  readonly #agent: http.Agent;
  readonly #sockets = new Set<Duplex>();
  #server: http.Server;
  #ordinal = 0;
  port = 0;

  private constructor(upstream: Upstream, hooks: Hooks) {
    this.#upstream = upstream;
    this.#hooks = hooks;
    this.#agent =
      upstream.tls === undefined ? new http.Agent({ keepAlive: true }) : new https.Agent({ keepAlive: true });
    this.#server = this.#serve();
  }

  static async start(upstream: Upstream, hooks: Hooks, port = 0): Promise<HttpProxy> {
    const proxy = new HttpProxy(upstream, hooks);
    await proxy.#listen(port);
    return proxy;
  }

  /** An outage: whatever is open is cut, and nobody is let in until `join`. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cutAll();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Every connection that is open breaks. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async join(): Promise<void> {
    if (this.#server.listening) return;
    this.#server = this.#serve();
    await this.#listen(this.port);
  }

  async close(): Promise<void> {
    await this.refuse();
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
    const { "user-agent": userAgent = "", authorization = "" } = headers;
    const gone = () => request.socket.destroyed;
    return { ordinal: this.#ordinal++, method, path: url, userAgent, authorization, body, kind, gone };
  }

  async #call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => undefined);
    const isWatch = /[?&](watch|follow)=(true|1)/.test(request.url ?? "");
    const body = await bytesOf(request);
    if (body === null) return;
    const exchange = this.#exchange(request, isWatch ? "watch" : "call", body.toString("utf8"));
    const verdict = (await this.#hooks.before?.(exchange)) ?? "pass";
    if (verdict === "silence") return;
    if (verdict === "cut" || verdict === "half") return void request.socket.destroy();
    if (verdict !== "pass") return this.#reply(exchange, response, verdict);
    const rewritten = this.#hooks.rewrite?.(exchange) ?? null;
    const sent = rewritten === null || rewritten.body === exchange.body ? body : Buffer.from(rewritten.body);
    const up = await this.#forward(request, rewritten?.path ?? exchange.path, sent);
    up.on("error", () => request.socket.destroy());
    up.on("response", (answer) => {
      if (isWatch && answer.statusCode === 200) this.#watch(exchange, answer, response);
      else void this.#answered(exchange, answer, response);
    });
    up.end(sent.length === 0 ? undefined : sent);
  }

  async #forward(request: IncomingMessage, path: string, body: Buffer | null): Promise<http.ClientRequest> {
    const { host, port, prefix = "", tls, headers: own } = this.#upstream;
    const headers: http.OutgoingHttpHeaders = { ...request.headers, host: `${host}:${port}` };
    // Answers are looked into: a compressed one would have to be unpacked.
    delete headers["accept-encoding"];
    if (body !== null && body.length > 0) headers["content-length"] = body.length;
    for (const [name, value] of Object.entries((await own?.()) ?? {})) headers[name.toLowerCase()] = value as string;
    const options = { host, port, method: request.method ?? "GET", path: prefix + path, headers };
    const agent = body === null ? {} : { agent: this.#agent }; // An upgrade has a connection of its own.
    return tls === undefined ? http.request({ ...options, ...agent }) : https.request({ ...options, ...tls, ...agent });
  }

  async #answered(exchange: Exchange, from: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await bytesOf(from);
    if (raw === null) return void response.socket?.destroy();
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(from.headers)) {
      if (value !== undefined && !hopByHop.has(name)) headers[name] = String(value);
    }
    const answer: Answer = { status: from.statusCode ?? 502, headers, body: raw.toString("utf8"), raw };
    const verdict = (await this.#hooks.after?.(exchange, answer)) ?? "pass";
    if (verdict === "silence") return;
    if (verdict === "cut") return void response.socket?.destroy();
    if (verdict === "half") return this.#half(response, answer);
    await this.#reply(exchange, response, verdict === "pass" ? answer : verdict);
  }

  #half(response: ServerResponse, { status, headers, raw = Buffer.alloc(0) }: Answer): void {
    response.writeHead(status, { ...headers, "content-length": raw.length });
    response.write(raw.subarray(0, Math.floor(raw.length / 2)), () => response.socket?.destroy());
  }

  async #reply(exchange: Exchange, response: ServerResponse, { status, headers, body, raw }: Answer): Promise<void> {
    const whole = raw ?? Buffer.from(body);
    if (response.destroyed) return;
    response.writeHead(status, { ...headers, "content-length": whole.length });
    const everyMs = this.#hooks.pieceEveryMs?.(exchange) ?? 0;
    if (everyMs === 0) return void response.end(whole);
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
    const { event } = this.#hooks;
    const change = event === undefined || !type.includes("json") ? null : (line: string) => event(exchange, line);
    const pipe = new WatchPipe(answer, response, change);
    this.#hooks.stream?.(exchange, pipe);
  }

  async #upgrade(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    const exchange = this.#exchange(request, "upgrade", "");
    const verdict = await this.#judged(exchange, client);
    if (verdict === "silence") return;
    if (verdict === "cut" || verdict === "half") return void client.destroy();
    if (verdict !== "pass") return void client.end(refusedUpgrade(verdict.status, verdict.body));
    const up = await this.#forward(request, request.url ?? "/", null);
    up.on("error", () => client.destroy());
    up.on("response", (answer) => {
      void bytesOf(answer).then((body) => {
        client.end(refusedUpgrade(answer.statusCode ?? 502, body?.toString("utf8") ?? ""));
      });
    });
    up.on("upgrade", (answer, server, serverHead) => {
      this.#join(exchange, answer, { client, server: server as Socket, heads: [head, serverHead] });
    });
    up.end();
  }

  /** Nobody reads a connection that waits for its upgrade: that its client has left is heard only by reading. */
  async #judged(exchange: Exchange, client: Duplex): Promise<Verdict> {
    const left = () => client.destroy();
    client.once("end", left).resume();
    const verdict = (await this.#hooks.before?.(exchange)) ?? "pass";
    client.off("end", left).pause();
    return client.destroyed ? "cut" : verdict;
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
