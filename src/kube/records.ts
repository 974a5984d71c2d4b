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

function sameButRequest(one: RunRecord, other: RunRecord): boolean {
  return isDeepStrictEqual({ ...one, request: null }, { ...other, request: null });
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
  return { ...record, life: { ...life, failure: { ...life.failure, message: `${life.failure.message.slice(0, longestMessage)}…` } } };
}

/** The port `records`: the run in one ConfigMap, guarded by its resourceVersion; each node's life on the node. */
export function kubeRecords(client: KubeClient, watches: Watches): Records {
  let known: Stored | null = null;
  let reads = 0;

  async function fetch(): Promise<Stored | null> {
    const configMap = await client.find<KubeObject>(recordPath);
    known = configMap === null ? null : { record: readRecord(configMap), version: configMap.metadata.resourceVersion ?? "" };
    return known;
  }

  /** What the watch says has not changed need not be fetched again. */
  function isCurrent(stored: Stored): boolean {
    reads += 1;
    if (reads < 2) return false;
    const cache = watches.cache("record");
    return cache.listed && cache.state === "live" && cache.get(probeNamespace, recordName)?.resourceVersion === stored.version;
  }

  async function put(record: RunRecord, version: string | undefined): Promise<void> {
    const object = manifest(record, version);
    const answer =
      version === undefined
        ? await client.create<KubeObject>(mapsPath, object)
        : await client.replace<KubeObject>(recordPath, object);
    known = { record, version: answer.metadata.resourceVersion ?? "" };
  }

  /** Somebody else wrote: harmless when it was only a request that we did not know of, which is then kept. */
  async function rebase(record: RunRecord, base: Stored | null): Promise<void> {
    const now = await fetch();
    if (now === null) return put(record, undefined);
    if (base !== null && !sameButRequest(now.record, base.record)) {
      throw new CouldNotAsk("the run's record was changed by somebody else meanwhile");
    }
    const request = base !== null && isDeepStrictEqual(record.request, base.record.request) ? now.record.request : record.request;
    await put({ ...record, request }, now.version);
  }

  async function writeRun(record: RunRecord): Promise<void> {
    const base = known;
    if (base === null) await ensureNamespace(client);
    else if (isDeepStrictEqual(base.record, record)) return;
    try {
      await put(record, base?.version);
    } catch (error) {
      // 404: the record was deleted under us; what we hold is the truth of this run.
      if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 404)) throw error;
      await rebase(record, base);
    }
  }

  async function annotate(node: string, value: string | null): Promise<void> {
    const patch = { metadata: { annotations: { [lifeAnnotation]: value } } };
    const answer = await client.patch<KubeObject>(`/api/v1/nodes/${encodeURIComponent(node)}`, patch, { kind: "merge" });
    watches.cache("nodes").remember(null, node, nodeFacts(answer));
  }

  return {
    async run() {
      if (known !== null && isCurrent(known)) return known.record;
      return (await fetch())?.record ?? null;
    },
    writeRun,
    async clearRequest(request) {
      const now = await fetch();
      if (now === null || !isDeepStrictEqual(now.record.request, request)) return;
      await put({ ...now.record, request: null }, now.version);
    },
    async lives() {
      const lives: Record<string, LifeRecord> = {};
      for (const { name, annotations } of (await watches.synced("nodes")).all()) {
        const annotation = annotations[lifeAnnotation];
        if (annotation !== undefined) lives[name] = readLife(name, annotation);
      }
      return lives;
    },
    writeLife: (node, record) => annotate(node, JSON.stringify(shortened(record))),
    async forgetLives() {
      const nodes = [...(await watches.synced("nodes")).all()];
      for (const { name, annotations } of nodes) if (lifeAnnotation in annotations) await annotate(name, null);
    },
  };
}
