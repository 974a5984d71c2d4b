/** One entry of Status.details.causes. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

/** Status.details as the API server fills it: `kind` is the plural in most errors, the Kind in Invalid. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** The metav1.Status that goes over the wire. */
export interface ApiStatus {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Record<string, never>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** A refusal of the API server: the whole Status object and, for brevity, its code. */
export class ApiError extends Error {
  readonly status: ApiStatus;
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.reason = reason;
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason,
      ...(details ? { details } : {}),
      code,
    };
  }
}

/** What an error names: the group and plural, as in `deployments.apps "web" not found`. */
export interface ResourceId {
  readonly group: string;
  readonly plural: string;
}

const titled = ({ group, plural }: ResourceId) => (group ? `${plural}.${group}` : plural);
const detailsOf = ({ group, plural }: ResourceId, name: string): StatusDetails => ({
  name,
  ...(group ? { group } : {}),
  kind: plural,
});

/** 404 of an object. */
export function notFound(resource: ResourceId, name: string): ApiError {
  return new ApiError(404, "NotFound", `${titled(resource)} "${name}" not found`, detailsOf(resource, name));
}

/** 409 of a create whose name is taken. */
export function alreadyExists(resource: ResourceId, name: string): ApiError {
  const message = `${titled(resource)} "${name}" already exists`;
  return new ApiError(409, "AlreadyExists", message, detailsOf(resource, name));
}

/** 409 of a stale resourceVersion or a failed precondition. */
export function conflict(resource: ResourceId, name: string, why = modified): ApiError {
  const message = `Operation cannot be fulfilled on ${titled(resource)} "${name}": ${why}`;
  return new ApiError(409, "Conflict", message, detailsOf(resource, name));
}

const modified = "the object has been modified; please apply your changes to the latest version and try again";

/** 403 of admission. */
export function forbidden(resource: ResourceId, name: string, why: string, causes?: readonly StatusCause[]): ApiError {
  const message = `${titled(resource)}${name ? ` "${name}"` : ""} is forbidden: ${why}`;
  return new ApiError(403, "Forbidden", message, { ...detailsOf(resource, name), ...(causes ? { causes } : {}) });
}

/** 400: the request makes no sense whatever is stored. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

/** 410: the wanted resourceVersion was compacted away; the client has to list again. */
export function expired(wanted: string, oldest: string): ApiError {
  return new ApiError(410, "Expired", `too old resource version: ${wanted} (${oldest})`);
}

/** 422: one cause per field, in one message as the API server joins them. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly StatusCause[],
): ApiError {
  const lines = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const all = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  const details = { name, ...(kind.group ? { group: kind.group } : {}), kind: kind.kind, causes };
  const title = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return new ApiError(422, "Invalid", `${title} "${name}" is invalid: ${all}`, details);
}
