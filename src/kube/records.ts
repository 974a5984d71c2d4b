import { isDeepStrictEqual } from "node:util";
import { CouldNotAsk } from "../engine/errors.ts";
import type { LifeRecord, Records, RunRecord } from "../engine/ports.ts";
import { ApiError } from "./api-error.ts";
import type { KubeClient } from "./kube-client.ts";
import type { KubeObject } from "./kube-object.ts";
import { nodeFacts } from "./node-facts.ts";
import { ensureNamespace } from "./own-namespace.ts";
import { probeNamespace } from "./probe-manifest.ts";
import { lifeAnnotation, readLife, readRecord, recordName, writeRecord } from "./run-record.ts";
import type { Watches } from "./watch.ts";

const mapsPath = `/api/v1/namespaces/${probeNamespace}/configmaps`;
const recordPath = `${mapsPath}/${recordName}`;
/** A Failure may carry a stack; all annotations of a node together may have 256 KiB. */
const longestMessage = 2_000;

interface Stored {
  readonly record: RunRecord;
  readonly version: string;
}

function manifest(record: RunRecord, version: string | undefined) {
  const metadata = {
    name: recordName,
    namespace: probeNamespace,
    labels: { "app.kubernetes.io/managed-by": "crossfade" },
    ...(version === undefined ? {} : { resourceVersion: version }),
  };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, ...writeRecord(record) };
}

function shortened(record: LifeRecord): LifeRecord {
  const { life } = record;
  if (life.phase !== "failed" || life.failure.message.length <= longestMessage) return record;
  const message = `${life.failure.message.slice(0, longestMessage)}…`;
  return { ...record, life: { ...life, failure: { ...life.failure, message } } };
}

const lostRace = (error: unknown) => error instanceof ApiError && (error.status === 409 || error.status === 404);

/** The port `records`: the run in one ConfigMap, guarded by its resourceVersion; each node's life on the node. */
export class ClusterRecords implements Records {
  readonly #client: KubeClient;
  readonly #watches: Watches;
  #known: Stored | null = null;
  /** What was sent and never answered: it may be what is there now. */
  #unanswered: readonly RunRecord[] = [];
  #reads = 0;

  constructor(client: KubeClient, watches: Watches) {
    this.#client = client;
    this.#watches = watches;
  }

  async run(): Promise<RunRecord | null> {
    this.#reads += 1;
    if (this.#known !== null && this.#isCurrent(this.#known)) return this.#known.record;
    if (this.#known === null && this.#isSeenAbsent()) return null;
    return (await this.#fetch())?.record ?? null;
  }

  async writeRun(record: RunRecord): Promise<void> {
    const base = this.#known;
    if (base === null) await ensureNamespace(this.#client);
    else if (isDeepStrictEqual(base.record, record)) return;
    try {
      await this.#put(record, base?.version);
    } catch (error) {
      if (!lostRace(error)) throw error;
      await this.#rebase(record, base);
    }
  }

  async lives(): Promise<Readonly<Record<string, LifeRecord>>> {
    const lives: Record<string, LifeRecord> = {};
    for (const { name, annotations } of (await this.#watches.synced("nodes")).all()) {
      const annotation = annotations[lifeAnnotation];
      if (annotation !== undefined) lives[name] = readLife(name, annotation);
    }
    return lives;
  }

  writeLife(node: string, record: LifeRecord): Promise<void> {
    return this.#annotate(node, JSON.stringify(shortened(record)));
  }

  async forgetLives(): Promise<void> {
    const nodes = [...(await this.#watches.synced("nodes")).all()];
    for (const { name, annotations } of nodes) if (lifeAnnotation in annotations) await this.#annotate(name, null);
  }

  async #fetch(): Promise<Stored | null> {
    const configMap = await this.#client.find<KubeObject>(recordPath);
    const version = configMap?.metadata.resourceVersion ?? "";
    this.#known = configMap === null ? null : { record: readRecord(configMap), version };
    return this.#known;
  }

  /** What the watch says has not changed need not be fetched again; a single question starts no watch. */
  #isCurrent(stored: Stored): boolean {
    if (this.#reads < 2) return false;
    const cache = this.#watches.cache("record");
    if (!cache.listed || cache.state !== "live") return false;
    return cache.get(probeNamespace, recordName)?.resourceVersion === stored.version;
  }

  #isSeenAbsent(): boolean {
    if (this.#reads < 2) return false;
    const cache = this.#watches.cache("record");
    return cache.listed && cache.state === "live" && cache.get(probeNamespace, recordName) === undefined;
  }

  async #put(record: RunRecord, version: string | undefined): Promise<void> {
    const object = manifest(record, version);
    const before = this.#unanswered;
    this.#unanswered = [...before, record];
    const answer = await this.#send(object, version).catch((error: unknown) => {
      if (lostRace(error)) this.#unanswered = before;
      throw error;
    });
    this.#unanswered = [];
    this.#known = { record, version: answer.metadata.resourceVersion ?? "" };
  }

  #send(object: ReturnType<typeof manifest>, version: string | undefined): Promise<KubeObject> {
    return version === undefined
      ? this.#client.create<KubeObject>(mapsPath, object)
      : this.#client.replace<KubeObject>(recordPath, object);
  }

  /** Somebody else wrote, or only touched it. */
  async #rebase(record: RunRecord, base: Stored | null): Promise<void> {
    const now = await this.#fetch();
    // Deleted under us: what we hold is the truth of this run.
    if (now === null) return this.#put(record, undefined);
    const known = [...(base === null ? [] : [base.record]), ...this.#unanswered];
    if (base !== null && !known.some((one) => isDeepStrictEqual(one, now.record))) {
      throw new CouldNotAsk("the run's record was changed by somebody else meanwhile");
    }
    return this.#put(record, now.version);
  }

  async #annotate(node: string, value: string | null): Promise<void> {
    const path = `/api/v1/nodes/${encodeURIComponent(node)}`;
    const answer = await this.#client.patch<KubeObject>(
      path,
      { metadata: { annotations: { [lifeAnnotation]: value } } },
      { kind: "merge" },
    );
    this.#watches.cache("nodes").remember(null, node, nodeFacts(answer), answer.metadata.resourceVersion);
  }
}
