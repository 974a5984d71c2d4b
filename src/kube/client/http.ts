import { Unavailable } from "../../engine/model/errors.ts";
import { knownSecrets } from "../../engine/model/known-secrets.ts";
import type { Fence } from "../lease/fence.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { eachPage } from "../objects/pages.ts";
import { ApiError } from "./api-error.ts";
import { execInPod } from "./exec.ts";
import type {
  CallOptions,
  ExecAnswer,
  ExecOptions,
  ExecTarget,
  KubeClient,
  PatchKind,
  PatchOptions,
} from "./kube-client.ts";
import type { Transport, TransportCall } from "./transport.ts";

const patchTypes: Readonly<Record<PatchKind, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

/** Named in managedFields, so that others see who wrote what. */
const fieldManager = "crossfade";

export interface ClientIdentity {
  readonly context: string;
  readonly server: string;
  readonly kubeconfigPath: string;
}

function withQuery(path: string, query: CallOptions["query"]): string {
  if (query === undefined) return path;
  const entries = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
  if (entries.length === 0) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams(entries).toString()}`;
}

function parse<T>(text: string, path: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Unavailable(`the answer to ${path} is not JSON`, null, { cause: error });
  }
}

/** A patch that names a resourceVersion answers 409 to its own repetition. */
function repeatable(patch: unknown, kind: PatchKind): boolean {
  if (kind === "json") return false;
  const metadata = (patch as { metadata?: { resourceVersion?: unknown } } | null)?.metadata;
  return metadata?.resourceVersion === undefined;
}

/** The client of connect(): KubeClient over one Transport. */
export class HttpKubeClient implements KubeClient {
  readonly context: string;
  readonly server: string;
  readonly kubeconfigPath: string;
  readonly transport: Transport;
  fence: Fence | null = null;

  constructor(identity: ClientIdentity, transport: Transport) {
    this.context = identity.context;
    this.server = identity.server;
    this.kubeconfigPath = identity.kubeconfigPath;
    this.transport = transport;
  }

  get requests(): Readonly<Record<string, number>> {
    return this.transport.requests;
  }

  async get<T extends KubeObject>(path: string, options: CallOptions = {}): Promise<T> {
    return this.#send<T>({ method: "GET", path, idempotent: true }, options);
  }

  async find<T extends KubeObject>(path: string, options: CallOptions = {}): Promise<T | null> {
    try {
      return await this.get<T>(path, options);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  async list<T extends KubeObject>(path: string, options: CallOptions = {}): Promise<readonly T[]> {
    const all: T[] = [];
    await eachPage<T>(this, path, { ...options, page: (items) => all.push(...items), again: () => (all.length = 0) });
    return all;
  }

  async create<T extends KubeObject>(path: string, object: unknown, options: CallOptions = {}): Promise<T> {
    const idempotent = options.repeatable === true;
    return this.#write<T>({ method: "POST", path, body: JSON.stringify(object), idempotent }, options);
  }

  async replace<T extends KubeObject>(path: string, object: KubeObject, options: CallOptions = {}): Promise<T> {
    return this.#write<T>({ method: "PUT", path, body: JSON.stringify(object), idempotent: false }, options);
  }

  async patch<T extends KubeObject>(path: string, patch: unknown, options: PatchOptions): Promise<T> {
    const query = { fieldManager, ...(options.force === true ? { force: true } : {}), ...options.query };
    return this.#write<T>(
      {
        method: "PATCH",
        path,
        body: JSON.stringify(patch),
        contentType: patchTypes[options.kind],
        idempotent: repeatable(patch, options.kind),
      },
      { ...options, query },
    );
  }

  async delete(path: string, body?: unknown, options: CallOptions = {}): Promise<KubeObject | null> {
    const payload = body === undefined ? {} : { body: JSON.stringify(body) };
    try {
      return await this.#write<KubeObject>({ method: "DELETE", path, ...payload, idempotent: true }, options);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  async exec(target: ExecTarget, argv: readonly string[], options: ExecOptions = {}): Promise<ExecAnswer> {
    const fence = options.writes === true ? this.fence : null;
    fence?.check();
    return execInPod(this.transport, target, argv, { ...options, fence });
  }

  async close(): Promise<void> {
    this.transport.close();
  }

  async #write<T>(
    call: Pick<TransportCall, "method" | "path" | "idempotent" | "body" | "contentType">,
    options: CallOptions,
  ): Promise<T> {
    const fence = options.fenced === false ? null : this.fence;
    fence?.check();
    // What is stored on the cluster is read by whoever may watch: a credential of ours is none of it, whoever put it there.
    const body = call.body === undefined ? {} : { body: knownSecrets.hideInDocument(call.body) };
    const query =
      call.method === "DELETE" || call.method === "PATCH" ? options.query : { fieldManager, ...options.query };
    return this.#send<T>({ ...call, ...body, fence }, query === undefined ? options : { ...options, query });
  }

  async #send<T>(
    call: Pick<TransportCall, "method" | "path" | "idempotent" | "body" | "contentType" | "fence">,
    options: CallOptions,
  ): Promise<T> {
    const text = await this.transport.call({
      ...call,
      path: withQuery(call.path, options.query),
      retry: options.retry ?? true,
      timeoutMs: options.timeoutMs ?? 30_000,
      signal: options.signal,
      urgent: options.urgent ?? false,
    });
    return parse<T>(text, call.path);
  }
}
