import type { ResourceName } from "../objects.ts";

/** One entry of a CRD's additionalPrinterColumns. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  /** Above 0 it shows only in `-o wide`. */
  readonly priority?: number;
}

/** An OpenAPI v3 schema node as a CRD carries it. */
export type Schema = { readonly [field: string]: unknown };

/** What `/apis/G/V` says of a subresource; group and version only where they differ from the parent's. */
export interface Subresource {
  readonly name: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

/** How a CRD's /scale finds its numbers; built-in workloads have the same paths. */
export interface ScalePaths {
  readonly specReplicas: string;
  readonly statusReplicas: string;
  readonly labelSelector?: string;
}

/** One version of a resource. */
export interface ResourceVersion {
  readonly version: string;
  readonly served: boolean;
  readonly storage: boolean;
  /** null for built-in kinds, whose rules are code. */
  readonly schema: Schema | null;
  readonly printerColumns: readonly PrinterColumn[];
  readonly subresources: readonly Subresource[];
  readonly scale: ScalePaths | null;
}

/** One resource of the API, built in or made by a CustomResourceDefinition. */
export interface Resource {
  readonly name: ResourceName;
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** The preferred one first. */
  readonly versions: readonly ResourceVersion[];
  readonly custom: boolean;
  /** False where an answer is computed (SelfSubjectAccessReview): the store refuses these, the server answers them. */
  readonly stored: boolean;
}
