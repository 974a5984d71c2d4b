import type { ApiStatus } from "../../store/api-error.ts";

/** The body of POST pods/NAME/eviction; dryRun of the query is already in deleteOptions. */
export interface EvictionBody {
  readonly deleteOptions?: {
    readonly gracePeriodSeconds?: number;
    readonly dryRun?: readonly string[];
    readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
    readonly propagationPolicy?: string;
  };
  readonly [field: string]: unknown;
}

/** Judges an eviction by the budgets and carries it out; answers a Success Status, throws ApiError otherwise. */
export type Evict = (namespace: string, name: string, eviction: EvictionBody) => ApiStatus;
