import type { Plan } from "../plan-types.ts";
import { canonicalJson } from "./canonical-json.ts";

/** sha-256 of a text as hex; comes from outside, for the engine imports nothing. */
export type Hash = (text: string) => string;

/** The hash of what the plan decides; when it was made and what preflight said of it are not in it. */
export function hashOfPlan(plan: Plan, hash: Hash): string {
  const { hash: _hash, at: _at, checkResults: _checkResults, ...body } = plan;
  return hash(canonicalJson(body));
}

/** Whether a plan that was stored or handed over is still the one that its hash was made of. */
export const hashMatches = (plan: Plan, hash: Hash): boolean => hashOfPlan(plan, hash) === plan.hash;
