import { hashOfPlan } from "../../../src/engine/model/plan/plan-hash.ts";
import type { Plan } from "../../../src/engine/model/plan-types.ts";
import type { NodeRecord, RunRecord } from "../../../src/engine/model/ports/records.ts";
import { sha256 } from "../../../src/kube/records/seal.ts";
import { aPlan } from "../../support/panel/a-plan.ts";

/** With the hash that makePlan would have given it. */
export const hashed = (plan: Plan): Plan => ({ ...plan, hash: hashOfPlan(plan, sha256) });

export const aRecord: RunRecord = {
  version: 1,
  plan: hashed(aPlan(["n1"])),
  direction: "forward",
  paused: false,
  consents: { nodes: { by: "me", at: 2 } },
  whenLeft: "pause",
  startedAt: 1,
  finished: null,
  stepsDone: { prepare: 10 },
  started: ["prepare", "install"],
  measured: { scores: [], broken: [], decisions: [] },
};

export const aNodeRecord: NodeRecord = {
  version: 1,
  run: aRecord.startedAt,
  state: { phase: "migrating", step: "drain", since: 1, stepSince: 2, before: null },
  timings: { precheck: 5 },
};

/** As the API server has it. */
export const asMap = (written: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "migration", ...metadata },
  ...written,
});
