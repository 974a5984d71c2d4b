import type { Exchange } from "../proxy/http-proxy.ts";

interface ObjectBody {
  readonly metadata?: {
    readonly name?: string;
    readonly annotations?: Readonly<Record<string, string | null>>;
    readonly labels?: Readonly<Record<string, string | null>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly preconditions?: { readonly uid?: string };
  readonly deleteOptions?: { readonly preconditions?: { readonly uid?: string } };
}

const nodeAnnotation = "cni-crossfade/node";

/** Names writes so that the same write of two runs, or of two engines of one run, bears the same name. */
export class WriteKeys {
  readonly #pods = new Map<string, string>();
  readonly #ofOwner = new Map<string, number>();
  readonly #nodeOf: (namespace: string, pod: string) => string;

  constructor(nodeOf: (namespace: string, pod: string) => string) {
    this.#nodeOf = nodeOf;
  }

  /** Null for what changes nothing: reads, reviews, dry runs, and the lease's timed renewals. */
  keyOf(exchange: Exchange): string | null {
    if (exchange.kind === "upgrade") return this.#execKey(exchange.path);
    if (exchange.kind === "watch" || ["GET", "HEAD", "OPTIONS"].includes(exchange.method)) return null;
    if (exchange.path.includes("dryRun=All")) return null;
    const path = exchange.path.split("?")[0] ?? "";
    if (path.endsWith("accessreviews")) return null;
    const by = exchange.userAgent.startsWith("helm") ? "helm " : "";
    return this.#ours(exchange.method, path, bodyOf(exchange.body), by);
  }

  #ours(method: string, path: string, body: ObjectBody, by: string): string | null {
    if (path.includes("/leases")) return leaseKey(body);
    const node = /^\/api\/v1\/nodes\/([^/]+)$/.exec(path)?.[1];
    if (node !== undefined) return nodeKey(node, body);
    // News and answers come by the clock, as the lease's renewals do.
    if (path.endsWith("/configmaps/observers") && method === "PATCH") return null;
    const isOfObservers = path.endsWith("/configmaps/observers") || body.metadata?.name === "observers";
    if (isOfObservers) return `${method} the map for observers`;
    if (path.includes("/namespaces/crossfade/configmaps")) return recordKey(method, body);
    const pod = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)(\/eviction)?$/.exec(path);
    if (pod) return this.#podKey(pod[3] === undefined ? method : "evict", `${pod[1]}/${pod[2]}`, body);
    // Every attempt of helm is a revision of its own.
    const release = /secrets(\/sh\.helm\.release\..*)?$/.test(path) && body.metadata?.labels?.status;
    if (release) return `${by}${method} the release, ${release}`;
    return `${by}${method} ${path.replace(/\.v\d+$/, "")} ${body.metadata?.name?.replace(/\.v\d+$/, "") ?? ""}`.trim();
  }

  /** Pods are named anew; the node whose disk and chains are changed is not. */
  #execKey(path: string): string | null {
    const argv = new URLSearchParams(path.split("?")[1] ?? "").getAll("command");
    const [command = ""] = argv;
    // curl has a -w of its own, and only asks.
    const writes = ["rm", "mv"].includes(command) || argv.includes("-w") || argv.includes("delete");
    if (!writes || command === "curl") return null;
    const [, namespace = "", pod = ""] = /\/namespaces\/([^/]+)\/pods\/([^/]+)\/exec/.exec(path) ?? [];
    return `${this.#nodeOf(namespace, pod)}: exec ${argv.join(" ")}`;
  }

  /** Pods of one owner are numbered as they come: their names are drawn anew in every run. */
  #podKey(verb: string, pod: string, body: ObjectBody): string {
    const uid = body.preconditions?.uid ?? body.deleteOptions?.preconditions?.uid ?? pod;
    const owner = pod
      .replace(/-[0-9a-f]{16}$/, "")
      .replace(/(-[bcdf-hj-np-tv-xz0-9]{6,10})?-[bcdf-hj-np-tv-xz0-9]{5}$/, "");
    let name = this.#pods.get(uid);
    if (name === undefined) {
      const number = (this.#ofOwner.get(owner) ?? 0) + 1;
      this.#ofOwner.set(owner, number);
      name = `${owner} ${number}`;
      this.#pods.set(uid, name);
    }
    return `${verb} ${name}`;
  }
}

function bodyOf(text: string): ObjectBody {
  try {
    return (JSON.parse(text) ?? {}) as ObjectBody;
  } catch {
    return {};
  }
}

function leaseKey({ spec = {} }: ObjectBody): string | null {
  if (spec.holderIdentity === "") return "release the lease";
  return spec.acquireTime === spec.renewTime ? "acquire the lease" : null;
}

function nodeKey(node: string, { metadata = {}, spec = {} }: ObjectBody): string {
  const state = metadata.annotations?.[nodeAnnotation];
  if (state === null) return `${node}: forget`;
  if (state !== undefined) return `${node}: ${lifeIn(state)}`;
  if ("unschedulable" in spec) return `${node}: ${spec.unschedulable === true ? "cordon" : "uncordon"}`;
  if ("taints" in spec) return `${node}: taints`;
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return `${node}: ${labels.join(",") || "something else"}`;
}

function lifeIn(annotation: string): string {
  const { state } = JSON.parse(annotation) as {
    state: { phase: string; step?: string; before?: { rebootAsked?: unknown } | null };
  };
  const knows = state.before ? (state.before.rebootAsked === undefined ? " remembered" : " reboot asked") : "";
  return `${state.phase} ${state.step ?? ""}${knows}`;
}

function recordKey(method: string, { data = {} }: ObjectBody): string {
  if (data.state === undefined) return `${method} the record (${Object.keys(data).join(",")})`;
  const state = JSON.parse(data.state) as {
    direction: string;
    paused: boolean;
    consents: Record<string, unknown>;
    started: readonly string[];
    stepsDone: Record<string, number>;
    finished: unknown;
  };
  return [
    `${method} the record: ${state.direction}`,
    state.paused ? "paused" : "going",
    `consents ${Object.keys(state.consents).length}`,
    `begun ${state.started.join("+")}`,
    `done ${Object.keys(state.stepsDone).length}`,
    state.finished === null ? "" : "finished",
  ].join(" ");
}
