/** The server's answer when it is not a success: its Status object, decoded. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Status.reason: NotFound, Conflict, TooManyRequests, Forbidden, … */
  readonly reason: string;
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
  readonly retryAfterMs: number | null;

  constructor(
    status: number,
    reason: string,
    message: string,
    details: { causes?: ApiError["causes"]; retryAfterMs?: number | null } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
    this.causes = details.causes ?? [];
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}
