import type { JsonObject } from "../plan-types.ts";

/** Objects of one kind that the sweep reads in full: what others wrote, so any field may be missing or of another type. */
export interface ObjectKind {
  /** "" for the core group. */
  readonly group: string;
  /** Plural: "ippools". */
  readonly resource: string;
}

/** One of them as it is, without managedFields. */
export interface SourceObject {
  readonly apiVersion: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    /** "KIND NAME" of each owner reference. */
    readonly owners: readonly string[];
  };
  readonly spec: JsonObject;
  readonly status: JsonObject;
}

/** Under which a kind's objects stand: "ippools.crd.example.org". */
export const kindName = ({ group, resource }: ObjectKind): string => (group === "" ? resource : `${resource}.${group}`);
