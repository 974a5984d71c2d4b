import { isDeepStrictEqual } from "node:util";
import type { V1ConfigMap } from "@kubernetes/client-node";
import type { ExaminedRecord } from "../../engine/model/cluster/examined-record.ts";
import { nodeAnnotation, recordName } from "../../engine/model/cluster/record-place.ts";
import { isRecordTrouble, Unavailable } from "../../engine/model/errors.ts";
import type { NodeRecord, Records, RunRecord } from "../../engine/model/ports/records.ts";
import type { Reason } from "../../engine/model/reason.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { nodeFacts } from "../inventory/node-facts.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import type { AsJson, KubeObject } from "../objects/kube-object.ts";
import type { Watches } from "../watch/watch.ts";
import { type Examined, examineNode, examineRun } from "./examined-record.ts";
import { readNode, writeNode } from "./node-record.ts";
import { ensureNamespace } from "./own-namespace.ts";
import { accepted, readRecord, writeRecord } from "./run-record.ts";

const mapsPath = `/api/v1/namespaces/${probeNamespace}/configmaps`;
const recordPath = `${mapsPath}/${recordName}`;

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
  return { apiVersion: "v1", kind: "ConfigMap", metadata, ...writeRecord(record) } satisfies AsJson<V1ConfigMap>;
}

const lostRace = (error: unknown) => error instanceof ApiError && (error.status === 409 || error.status === 404);

/** The port `records`: the run in one ConfigMap, guarded by its resourceVersion; each node's record on the node. */
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

  async writeRun(record: RunRecord): Promise<Reason | null> {
    const base = this.#known;
    if (base === null) await ensureNamespace(this.#client);
    else if (isDeepStrictEqual(base.record, record)) return null;
    try {
      await this.#put(record, base?.version);
      return null;
    } catch (error) {
      if (!lostRace(error)) throw error;
      return this.#rebase(record, base);
    }
  }

  async nodeRecords(): Promise<Readonly<Record<string, NodeRecord>>> {
    const nodeRecords: Record<string, NodeRecord> = {};
    const run = this.#known?.record ?? null;
    for (const { name, annotations } of (await this.#watches.synced("nodes")).all()) {
      const annotation = annotations[nodeAnnotation];
      if (annotation !== undefined) nodeRecords[name] = readNode(name, annotation, run);
    }
    return nodeRecords;
  }

  writeNode(node: string, record: NodeRecord): Promise<void> {
    return this.#annotate(node, writeNode(node, record));
  }

  async forgetNodes(): Promise<void> {
    const nodes = [...(await this.#watches.synced("nodes")).all()];
    for (const { name, annotations } of nodes) if (nodeAnnotation in annotations) await this.#annotate(name, null);
  }

  async examine(): Promise<readonly ExaminedRecord[]> {
    const { run, nodeRecords } = await this.#examined();
    return [...(run === null ? [] : [run.said]), ...nodeRecords.map(({ said }) => said)];
  }

  async accept(): Promise<readonly string[]> {
    const { run, version, nodeRecords } = await this.#examined();
    const places: string[] = [];
    if (run?.said.acceptable && run.record !== null) {
      await this.#put(accepted(run.record), version);
      places.push(run.said.place);
    }
    for (const { said, record } of nodeRecords) {
      if (!said.acceptable || record === null || said.node === null) continue;
      await this.writeNode(said.node, record);
      places.push(said.place);
    }
    return places;
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

  /** Somebody else wrote, or only touched it. What was wrong with what stood there, or null. */
  async #rebase(record: RunRecord, base: Stored | null): Promise<Reason | null> {
    const { now, version, trouble } = await this.#refetch();
    if (trouble !== null) {
      // What an engine that runs the run knows is the truth; a newer program's record is not ours to write over.
      if (base === null || trouble.code === "RECORD_NEWER") throw trouble;
      await this.#put(record, version);
      return trouble.reason;
    }
    // Deleted under us: what we hold is the truth of this run.
    const known = [...(base === null ? [] : [base.record]), ...this.#unanswered];
    if (now !== null && base !== null && !known.some((one) => isDeepStrictEqual(one, now))) {
      throw new Unavailable("the run's record was changed by another client meanwhile");
    }
    await this.#put(record, version);
    return null;
  }

  async #refetch() {
    const configMap = await this.#client.find<KubeObject>(recordPath);
    const version = configMap?.metadata.resourceVersion;
    try {
      return { now: configMap === null ? null : readRecord(configMap), version, trouble: null };
    } catch (thrown) {
      if (isRecordTrouble(thrown)) return { now: null, version, trouble: thrown };
      throw thrown;
    }
  }

  async #examined(): Promise<{
    readonly run: Examined<RunRecord> | null;
    readonly version: string;
    readonly nodeRecords: readonly Examined<NodeRecord>[];
  }> {
    const configMap = await this.#client.find<KubeObject>(recordPath);
    const run = configMap === null ? null : examineRun(configMap);
    const nodes = [...(await this.#watches.synced("nodes")).all()].toSorted((a, b) => a.name.localeCompare(b.name));
    const nodeRecords = nodes.flatMap(({ name, annotations }) => {
      const annotation = annotations[nodeAnnotation];
      return annotation === undefined ? [] : [examineNode(name, annotation, run?.record ?? null)];
    });
    return { run, version: configMap?.metadata.resourceVersion ?? "", nodeRecords };
  }

  async #annotate(node: string, value: string | null): Promise<void> {
    const path = `/api/v1/nodes/${encodeURIComponent(node)}`;
    const answer = await this.#client.patch<KubeObject>(
      path,
      { metadata: { annotations: { [nodeAnnotation]: value } } },
      { kind: "merge" },
    );
    this.#watches.cache("nodes").remember(null, node, nodeFacts(answer), answer.metadata.resourceVersion);
  }
}
