import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";

/** A parsed answer; `body` is JSON where it was JSON. */
export interface RawAnswer {
  readonly code: number;
  readonly headers: IncomingMessage["headers"];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of every shape
  readonly body: any;
}

/** What a request may have besides its path. */
export interface RawRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; "certificate-authority-data": string } }[];
  readonly users: readonly { user: { token: string } }[];
}

/** HTTP as it is, with the token and authority of a kubeconfig that the contract wrote itself. */
export class RawClient {
  readonly #server: string;
  readonly #token: string;
  readonly #agent: Agent;

  constructor(kubeconfig: string) {
    const { clusters, users } = JSON.parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
    const cluster = clusters[0]?.cluster;
    if (!cluster) throw new Error(`${kubeconfig} has no cluster`);
    this.#server = cluster.server;
    this.#token = users[0]?.user.token ?? "";
    const ca = Buffer.from(cluster["certificate-authority-data"], "base64");
    this.#agent = new Agent({ keepAlive: true, ca });
  }

  async ask(path: string, options: RawRequest = {}): Promise<RawAnswer> {
    const answer = await this.open(path, options);
    const body = await text(answer);
    const isJson = (answer.headers["content-type"] ?? "").startsWith("application/json");
    const lines = body.trimEnd().split("\n");
    const parsed =
      isJson && lines.length > 1 ? lines.map((line) => JSON.parse(line)) : isJson ? JSON.parse(body) : body;
    return { code: answer.statusCode ?? 0, headers: answer.headers, body: parsed };
  }

  /** The answer as a stream. */
  open(path: string, { method = "GET", body, headers = {} }: RawRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      const all = { authorization: `Bearer ${this.#token}`, "content-type": "application/json", ...headers };
      const asked = request(`${this.#server}${path}`, { method, headers: all, agent: this.#agent }, resolve);
      asked.once("error", reject).end(sent);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
