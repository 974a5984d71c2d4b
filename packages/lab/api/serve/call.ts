import type { IncomingMessage, ServerResponse } from "node:http";
import type { LabClock } from "../../clock.ts";
import { ApiError } from "../../store/api-error.ts";
import type { ApiStore, Target } from "../../store/api-store.ts";
import type { Resource } from "../../store/resource.ts";
import type { Identity, Users } from "../access/identity.ts";
import type { Rbac } from "../access/rbac.ts";
import type { Evict } from "../pods/evict.ts";
import type { PodAccess } from "../pods/pod-access.ts";
import type { Form } from "./accept.ts";
import type { HeldLists } from "./held-lists.ts";

/** What all requests share. */
export interface ApiWorld {
  readonly store: ApiStore;
  readonly clock: LabClock;
  readonly version: string;
  readonly pods: PodAccess;
  readonly evict: Evict;
  readonly rbac: Rbac;
  readonly users: Users;
  readonly held: HeldLists;
}

/** One request to one resource, after its path was understood. */
export interface Call {
  readonly world: ApiWorld;
  readonly identity: Identity;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly form: Form;
  readonly resource: Resource;
  readonly version: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
  /** Aborted when the client goes away or the server closes. */
  readonly signal: AbortSignal;
}

/** The store's address of what the call names. */
export function targetOf({ resource, namespace, name, version }: Call): Target {
  return { resource: resource.name, namespace, name: name ?? "", version };
}

/** "v1", "apps/v1". */
export function groupVersion(group: string, version: string): string {
  return group ? `${group}/${version}` : version;
}

/** A query parameter that the API server reads as a boolean: "true" and "1", and the bare name. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "false" && value !== "0";
}

/** A whole number in the query, or undefined; 400 for another word. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new ApiError(400, "BadRequest", `strconv.ParseInt: parsing "${text}": invalid syntax`);
}

/** 405, in the API server's words. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}

/** 404 of a path that leads nowhere. */
export function noSuchPath(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource");
}
