import type { KubeObject, ResourceName } from "../../objects.ts";
import type { Faults } from "../faults.ts";
import type { ClusterIps } from "./cluster-ips.ts";

/** What a kind's rules may look at besides the object itself. */
export interface AdmissionWorld {
  find(resource: ResourceName, namespace: string | null, name: string): KubeObject | undefined;
  readonly clusterIps: ClusterIps;
  /** Lab time as RFC 3339 with seconds. */
  now(): string;
  uuid(): string;
}

/** An update as the rules see it; equal parts of both are identical. */
export interface Change {
  readonly fresh: KubeObject;
  readonly old: KubeObject;
  /** Written from inside the lab: a scheduler may bind and a namespace controller finalize by a plain update. */
  readonly inside: boolean;
}

/** What the API server does for one kind beyond what it does for all. Objects passed to the first four are drafts. */
export interface KindRules {
  /** metadata.generation counts changes of everything but metadata and status. */
  readonly generation?: boolean;
  /** PUT of an absent object creates it. */
  readonly createOnUpdate?: boolean;
  /** PUT must carry a resourceVersion. */
  readonly guardedUpdate?: boolean;
  readonly name?: "label" | "service" | "path";
  /** Status of a new object, whatever the client sent; without this rule what it sent is kept. */
  initialStatus?(object: KubeObject): unknown;
  defaults?(object: KubeObject): void;
  /** Once, at creation; may throw ApiError. */
  admit?(object: KubeObject, world: AdmissionWorld): void;
  /** Puts back what a writer may not change or left out; runs on main writes only. */
  keep?(fresh: KubeObject, old: KubeObject, world: AdmissionWorld): void;
  validate?(object: KubeObject, faults: Faults): void;
  validateUpdate?(change: Change, faults: Faults): void;
}
