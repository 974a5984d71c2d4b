import type { KubeObject } from "../objects.ts";
import { badRequest } from "./api-error.ts";
import type { WriteRequest } from "./api-store.ts";
import { apiVersionOf, hasSubresource, servedVersion } from "./catalog.ts";
import { fillDefaults, prune } from "./custom/prune.ts";
import { at, isTree, type Tree, text, withoutNulls } from "./json-tree.ts";
import type { KindRules } from "./kinds/kind-rules.ts";
import { checkMetadataTypes } from "./kinds/metadata.ts";
import type { Writer } from "./patch/managed-fields.ts";
import { builtinShape, customShape, type Shape } from "./patch/shape.ts";
import type { Resource, ResourceVersion } from "./resource.ts";

/** One write on its way: what is written, by whom, under which rules. */
export interface Attempt {
  readonly resource: Resource;
  readonly version: ResourceVersion;
  readonly rules: KindRules;
  readonly namespace: string | null;
  /** "" where the body names it. */
  readonly name: string;
  /** From inside the lab, not over HTTP. */
  readonly inside: boolean;
  readonly request: WriteRequest;
}

/** Whether status has an endpoint of its own, so that a main write leaves it alone. */
export function isolatesStatus({ version }: Attempt): boolean {
  return hasSubresource(version, "status");
}

/** The version that a body from inside the lab speaks: its own where it is known, else the stored one. */
export function versionOfBody(resource: Resource, body: unknown): ResourceVersion {
  const apiVersion = at(body, "apiVersion");
  const known = resource.versions.find(({ version }) => apiVersionOf(resource, version) === apiVersion);
  return known ?? servedVersion(resource);
}

export function shapeOf({ version }: Pick<Attempt, "version">): Shape {
  return version.schema ? customShape(version.schema) : builtinShape;
}

export function writerOf(attempt: Attempt, operation: Writer["operation"], time: string): Writer {
  const { manager = "unknown", subresource } = attempt.request;
  const apiVersion = apiVersionOf(attempt.resource, attempt.version.version);
  return { manager, operation, apiVersion, time, ...(subresource ? { subresource } : {}) };
}

/** The body as a draft in the stored shape: checked for its type, without nulls, pruned and defaulted by its schema. */
export function decode(attempt: Attempt, body: unknown): KubeObject {
  const { resource, version } = attempt;
  if (!isTree(body)) throw badRequest(`the request body is not a ${resource.kind} object`);
  checkType(attempt, body);
  checkMetadataTypes(resource.kind, body.metadata ?? {});
  const apiVersion = apiVersionOf(resource, version.version);
  const draft: Tree = { ...withoutNulls(body), apiVersion, kind: resource.kind };
  if (!isTree(draft.metadata)) draft.metadata = {};
  if (version.schema) {
    prune(draft, version.schema);
    fillDefaults(draft, version.schema);
  }
  return draft as unknown as KubeObject;
}

function checkType({ resource, version }: Attempt, body: Tree): void {
  const wanted = apiVersionOf(resource, version.version);
  if (body.apiVersion !== undefined && body.apiVersion !== wanted) {
    const given = text(body.apiVersion);
    throw badRequest(`the API version in the data (${given}) does not match the expected API version (${wanted})`);
  }
  if (body.kind !== undefined && body.kind !== resource.kind) {
    throw badRequest(`${text(body.kind)} in the request is not the expected kind ${resource.kind}`);
  }
}

/** Name and namespace of the URL and of the body must agree; what one leaves out the other gives. */
export function settleIdentity(attempt: Attempt, draft: KubeObject): void {
  const { metadata } = draft;
  if (attempt.name) {
    if (metadata.name && metadata.name !== attempt.name) {
      throw badRequest(
        `the name of the object (${metadata.name}) does not match the name on the URL (${attempt.name})`,
      );
    }
    metadata.name = attempt.name;
  }
  if (!attempt.resource.namespaced) {
    delete metadata.namespace;
    return;
  }
  const namespace = attempt.namespace ?? metadata.namespace ?? "default";
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  metadata.namespace = namespace;
}
