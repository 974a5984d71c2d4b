import type { CiliumTarget, JsonObject } from "../plan-types.ts";

/** What of a target names its chart. */
export type ChartOrder = Pick<CiliumTarget, "chart" | "version">;

/** A value that the chart's own schema does not take. */
export interface SchemaProblem {
  /** Dotted: cni.exclusive. */
  readonly path: string;
  readonly message: string;
}

/** A chart as its archive has it. */
export interface Chart {
  readonly name: string;
  readonly version: string;
  /** sha256 of the archive, as hex. */
  readonly digest: string;
  /** Its values.schema.json; null where it has none. */
  readonly schema: JsonObject | null;
  /** What the schema has against these values, over the chart's own; nothing where there is no schema. */
  problems(values: JsonObject): readonly SchemaProblem[];
}

/** Charts where the operator said that they are. */
export interface Charts {
  /** Fetched anew. Throws NO_HELM, HELM_FAILED or USAGE. */
  read(order: ChartOrder, signal: AbortSignal): Promise<Chart>;
}
