import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node";

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
  /** Instead of the kubeconfig's own credentials. */
  readonly token?: string;
}

/** HTTP as it is, by the current context of a kubeconfig. */
export class RawClient {
  readonly #server: string;
  readonly #credentials: RequestOptions;
  readonly #ca: RequestOptions;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(server: string, ca: RequestOptions, credentials: RequestOptions) {
    this.#server = server;
    this.#ca = ca;
    this.#credentials = credentials;
  }

  static async of(kubeconfig: string): Promise<RawClient> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const { server } = config.getCurrentCluster() ?? {};
    if (server === undefined) throw new Error(`${kubeconfig} has no cluster`);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return new RawClient(server, { ca: options.ca }, options);
  }

  async ask(path: string, options: RawRequest = {}): Promise<RawAnswer> {
    const answer = await this.open(path, options);
    const body = await text(answer);
    const isJson = (answer.headers["content-type"] ?? "").startsWith("application/json");
    return { code: answer.statusCode ?? 0, headers: answer.headers, body: isJson ? parsedJson(body) : body };
  }

  /** The answer as a stream. */
  open(path: string, { method = "GET", body, headers = {}, token }: RawRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      // A client certificate would win over any token.
      const who = token === undefined ? this.#credentials : this.#ca;
      const all = {
        ...(who.headers as OutgoingHttpHeaders | undefined),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        "content-type": "application/json",
        ...headers,
      };
      const options = { ...who, method, headers: all, agent: this.#agent };
      const asked = request(`${this.#server}${path}`, options, resolve);
      asked.once("error", reject).end(sent);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** One document, over however many lines; else an event a line, as in a watch, of which there may be none. */
function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line));
  }
}
