import { hashOfPlan } from "../../../src/engine/model/plan/plan-hash.ts";
import type { Agreements } from "../../../src/engine/model/ports/agreements.ts";
import { sha256 } from "../../../src/kube/records/seal.ts";

/** One machine that all engines of a story share: whatever is recorded was agreed to on it. */
export const agreesToAll: Agreements = {
  of: () => ({ consents: ["nodes", "finalize", "remove-source"], by: "tester", at: 0 }),
  hashOf: (plan) => hashOfPlan(plan, sha256),
  agree: () => null,
  forget: () => undefined,
};
