import { hashOfPlan } from "../../../src/engine/model/plan/plan-hash.ts";
import type { Plan } from "../../../src/engine/model/plan-types.ts";
import type { RunRecord } from "../../../src/engine/model/ports/records.ts";
import { namespaceManifest } from "../../../src/kube/nodes/own-namespace-manifest.ts";
import { writeRecord } from "../../../src/kube/records/run-record.ts";
import { sha256 } from "../../../src/kube/records/seal.ts";
import type { ClusterApi } from "../lab/cluster-api.ts";

const maps = "/api/v1/namespaces/crossfade/configmaps";

/** The record of a run of this plan that nobody runs, as whoever may write ConfigMaps there can make it: hash and seal fit. */
export function recordOf(plan: Plan, change: Partial<RunRecord> = {}): RunRecord {
  return {
    version: 1,
    plan: { ...plan, hash: hashOfPlan(plan, sha256) },
    direction: "forward",
    paused: false,
    consents: { nodes: { by: "ops@bastion", at: 1_000 } },
    whenLeft: "pause",
    startedAt: 1_000,
    finished: null,
    stepsDone: {},
    measured: { scores: [], broken: [], decisions: [] },
    started: [],
    ...change,
  };
}

/** The namespace with our mark, as the roles that `crossfade rbac` prints bring it. */
export async function makeNamespace(api: ClusterApi): Promise<void> {
  await api("POST", "/api/v1/namespaces", namespaceManifest);
}

/** In the place of whatever is recorded. */
export async function putRecord(api: ClusterApi, record: RunRecord): Promise<void> {
  await api("DELETE", `${maps}/migration`).catch(() => undefined);
  await api("POST", maps, { metadata: { name: "migration" }, ...writeRecord(record) });
}
