import { ApiError } from "../client/api-error.ts";

/** What may be missing (404: not served) or withheld (403) in a cluster that can be migrated all the same. */
export async function optional<T>(asking: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return otherwise;
    throw error;
  }
}
