import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export type Answer = (seen: Seen, response: http.ServerResponse) => void | Promise<void>;

/** A small HTTP server that answers as a test says and remembers what it was asked. */
export class FakeServer implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly #server: http.Server | https.Server;
  answer: Answer;
  onUpgrade: ((request: http.IncomingMessage, socket: Duplex, head: Buffer) => void) | null = null;

  readonly #scheme: "http" | "https";

  private constructor(answer: Answer, tls: https.ServerOptions | null) {
    this.answer = answer;
    this.#scheme = tls === null ? "http" : "https";
    const serve: http.RequestListener = (request, response) => void this.#serve(request, response);
    this.#server = tls === null ? http.createServer(serve) : https.createServer(tls, serve);
    this.#server.on("upgrade", (request, socket, head) => {
      if (this.onUpgrade === null) socket.destroy();
      else this.onUpgrade(request, socket, head);
    });
  }

  static async start(answer: Answer, tls: https.ServerOptions | null = null): Promise<FakeServer> {
    const fake = new FakeServer(answer, tls);
    fake.#server.listen(0, "127.0.0.1");
    await once(fake.#server, "listening");
    return fake;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", "http://fake");
    const seen: Seen = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    this.seen.push(seen);
    await this.answer(seen, response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

export function json(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** An API server's refusal. */
export function status(
  response: http.ServerResponse,
  code: number,
  reason: string,
  more: { message?: string; causes?: readonly { reason: string; message: string }[]; retryAfter?: number } = {},
): void {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code,
    reason,
    message: more.message ?? reason,
    details: { causes: more.causes ?? [] },
  };
  json(response, code, body, more.retryAfter === undefined ? {} : { "retry-after": String(more.retryAfter) });
}
