import type { LabClock } from "../clock.ts";
import type { ResourceName } from "../objects.ts";
import type { Random } from "../random.ts";
import type { ApiStore } from "./api-store.ts";
import type { Commit } from "./bucket.ts";
import { Catalog } from "./catalog.ts";
import { serveDefinitions } from "./custom/definitions.ts";
import { timestamp } from "./deletion-mark.ts";
import { ClusterIps } from "./kinds/cluster-ips.ts";
import { poolUse } from "./kinds/service-rules.ts";
import { LabStore } from "./lab-store.ts";
import { PodIndex } from "./pod-index.ts";
import { type FaultReport, Storage } from "./storage.ts";
import type { WriteWorld } from "./writes.ts";

/** What a store is made of. */
export interface StoreOptions {
  readonly clock: LabClock;
  readonly random: Random;
  /** Events that a resource remembers for watches; at least as many are kept, at most twice as many. */
  readonly historyLimit?: number;
  /** A subscriber that threw; the write stands. Without it the fault is thrown again outside the write. */
  readonly onFault?: FaultReport;
}

const defaultHistoryLimit = 5_000;

/** An empty API server storage: not even the default namespace is there. */
export function createStore(options: StoreOptions): ApiStore {
  const { clock, random, historyLimit = defaultHistoryLimit, onFault = throwLater } = options;
  const storage = new Storage(historyLimit, onFault);
  const catalog = new Catalog();
  const clusterIps = new ClusterIps(random.fork("cluster-ips"));
  const pods = new PodIndex();
  storage.hook((resource, commit) => {
    if (resource === "pods") pods.note(commit);
    else if (resource === "services") notePools(clusterIps, commit);
  });
  const admission = {
    clusterIps,
    now: () => timestamp(clock.now()),
    uuid: () => random.uuid(),
    find: (resource: ResourceName, namespace: string | null, name: string) =>
      storage.bucket(resource).get(namespace ?? "", name),
  };
  const world: WriteWorld = { storage, catalog, clock, random: random.fork("store"), admission };
  const store = new LabStore(world, pods);
  serveDefinitions({ store, catalog, clock });
  return store;
}

function throwLater(fault: unknown): void {
  queueMicrotask(() => {
    throw fault;
  });
}

function notePools(clusterIps: ClusterIps, { type, object, old }: Commit): void {
  if (old) {
    const { addresses, ports } = poolUse(old);
    clusterIps.release(addresses, ports);
  }
  if (type === "DELETED") return;
  const { addresses, ports } = poolUse(object);
  clusterIps.claim(addresses, ports);
}
