import type { V1ConfigMap } from "@kubernetes/client-node";
import { CrossfadeError } from "../../engine/model/errors.ts";
import type { Asked, Observers, RemoteAnswer, RemoteRequest, RunnerNews } from "../../engine/model/ports/observers.ts";
import { reason } from "../../engine/model/reason.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import type { AsJson, KubeObject } from "../objects/kube-object.ts";
import type { Watches } from "../watch/watch.ts";
import { answerSchema, newsSchema, requestSchema } from "./observer-schemas.ts";
import { ensureNamespace } from "./own-namespace.ts";
import { type SchemaOf, wrongIn } from "./schema-parts.ts";

/** The ConfigMap by which other terminals and the runner talk. */
export const observersName = "observers";
const name = observersName;
const mapsPath = `/api/v1/namespaces/${probeNamespace}/configmaps`;
const mapPath = `${mapsPath}/${name}`;

const asks = "ask-";
const answers = "answer-";
/** An answer that nobody took by then is taken away with the next one. */
const answerKeptMs = 60_000;

/** Of what is asked so much is heard in one look: one of each person, and the rest is dropped unheard. */
const mostAsks = 5;
/**
 * Whoever asked waits 15 s for an answer: what has stood here longer is nobody's any more. By the runner's own clock, from when
 * it was first seen: another machine's clock may be minutes off, and a pause must be heard all the same.
 */
const heardWithinMs = 60_000;
/** A request holds who asked and when; news the last lines of a log. */
const longestAsk = 2_000;
const longestNews = 256 * 1024;

/** What anybody with the right to ask may have written; what is not of our shape is nobody's. */
function parsed<T>(text: string | undefined, schema: SchemaOf<T>, longest = longestAsk): T | null {
  if (text === undefined || text.length > longest) return null;
  try {
    const value: unknown = JSON.parse(text);
    return wrongIn(schema, value, "") === null ? (value as T) : null;
  } catch {
    return null;
  }
}

function askIn(key: string, text: string | undefined): RemoteRequest | null {
  const request = parsed(text, requestSchema);
  return request !== null && key === asks + request.id ? request : null;
}

/** The last of each person, the eldest of these first. */
function heardOf(all: readonly RemoteRequest[]): readonly RemoteRequest[] {
  const inOrder = all.toSorted((one, other) => one.at - other.at);
  const ofEach = new Map(inOrder.map((request) => [request.by, request]));
  return [...ofEach.values()].toSorted((one, other) => one.at - other.at).slice(0, mostAsks);
}

const isMissing = (error: unknown) => error instanceof ApiError && error.status === 404;

/** The port `observers`: one ConfigMap beside the record, so that who may only ask needs no right to the record. */
export class ClusterObservers implements Observers {
  readonly #client: KubeClient;
  readonly #watches: Watches;
  /** What was taken away and is seen until the watch tells so. */
  #dropped: ReadonlySet<string> = new Set();
  /** Key → when it was first seen. */
  #since: ReadonlyMap<string, number> = new Map();

  constructor(client: KubeClient, watches: Watches) {
    this.#client = client;
    this.#watches = watches;
  }

  async open(): Promise<void> {
    await ensureNamespace(this.#client);
    const labels = { "app.kubernetes.io/managed-by": "crossfade" };
    const empty = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: probeNamespace, labels },
    } satisfies AsJson<V1ConfigMap>;
    const known = await this.#client.find<KubeObject>(mapPath);
    if (known === null) {
      await this.#client.create(mapsPath, empty);
      return;
    }
    const { resourceVersion = "" } = known.metadata;
    await this.#client.replace(mapPath, { ...empty, metadata: { ...empty.metadata, resourceVersion } });
  }

  async publish(news: RunnerNews): Promise<void> {
    await this.#merge({ news: JSON.stringify(news) });
  }

  async requests(now: number): Promise<Asked> {
    const data = await this.#data();
    const keys = Object.keys(data).filter((key) => key.startsWith(asks));
    this.#since = new Map(keys.map((key) => [key, this.#since.get(key) ?? now]));
    const fresh = keys.filter((key) => now - (this.#since.get(key) ?? now) <= heardWithinMs);
    const heard = heardOf(fresh.flatMap((key) => askIn(key, data[key]) ?? []));
    const kept = new Set(heard.map(({ id }) => asks + id));
    const unheard = keys.filter((key) => !kept.has(key));
    const surplus = unheard.filter((key) => !this.#dropped.has(key));
    this.#dropped = new Set(unheard);
    // However many they are, one patch takes them away.
    if (surplus.length > 0) await this.#merge(Object.fromEntries(surplus.map((key) => [key, null])));
    return { requests: heard, dropped: surplus.length };
  }

  async answer({ id }: RemoteRequest, answer: RemoteAnswer): Promise<void> {
    const old = Object.entries(await this.#data()).flatMap(([key, text]) => {
      if (!key.startsWith(answers)) return [];
      const at = parsed(text, answerSchema)?.at ?? 0;
      return answer.at - at > answerKeptMs ? [[key, null] as const] : [];
    });
    await this.#merge({ ...Object.fromEntries(old), [asks + id]: null, [answers + id]: JSON.stringify(answer) });
  }

  async close(): Promise<void> {
    await this.#client.delete(mapPath);
  }

  async post(request: RemoteRequest): Promise<void> {
    try {
      await this.#merge({ [asks + request.id]: JSON.stringify(request) });
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new CrossfadeError("USAGE", reason("no-engine-listens", {}));
    }
  }

  async answerTo(id: string): Promise<RemoteAnswer | null> {
    return parsed((await this.#data())[answers + id], answerSchema);
  }

  async news(): Promise<RunnerNews | null> {
    return parsed((await this.#data())["news"], newsSchema, longestNews);
  }

  async #merge(data: Readonly<Record<string, string | null>>): Promise<void> {
    await this.#client.patch(mapPath, { data }, { kind: "merge" });
  }

  async #data(): Promise<Readonly<Record<string, string>>> {
    const cache = await this.#watches.synced("observers");
    return cache.get(probeNamespace, name)?.data ?? {};
  }
}
