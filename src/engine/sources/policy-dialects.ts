import type { PolicyDialect } from "../policies/policy-world.ts";
import { calicoDialect } from "./calico/policies/dialect.ts";

/** Policies of kinds that only one CNI knows. */
export const ownPolicies: readonly PolicyDialect[] = [calicoDialect];
