import { AdmissionDenied, AdmissionUnavailable, CrossfadeError, Unavailable } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import { admissionAnswer } from "./admission.ts";
import { ApiError } from "./api-error.ts";

/** The API server's answer in the engine's words; whatever is no ApiError stays what it is. */
export function inEngineWords(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  return ofAdmission(error) ?? ofServer(error);
}

function ofAdmission(error: ApiError): Error | null {
  const answer = admissionAnswer(error);
  if (!answer) return null;
  const cause = { cause: error };
  return answer.kind === "denied" ? new AdmissionDenied(answer, cause) : new AdmissionUnavailable(answer, cause);
}

function ofServer(error: ApiError): Error {
  const cause = { cause: error };
  switch (error.status) {
    case 401:
      return new Unavailable(
        `the API server no longer accepts our credentials (${error.message}): log in again`,
        null,
        { ...cause, clearedBy: "credentials that it accepts" },
      );
    case 403:
      return forbidden(error);
    case 404:
      return new CrossfadeError("NODE_GONE", reason("object-gone", { said: error.message }), cause);
    case 409:
      return new Unavailable(`another client changed it at the same moment: ${error.message}`, null, {
        ...cause,
        clearedBy: "asking again",
      });
    case 400:
    case 405:
    case 415:
    case 422:
      return new CrossfadeError("COMMAND_FAILED", reason("request-invalid", { said: error.message }), cause);
    default:
      return new Unavailable(`the API server answered ${error.status}: ${error.message}`, error.retryAfterMs, cause);
  }
}

function forbidden(error: ApiError): Error {
  const cause = { cause: error };
  if (error.causes.some(({ reason }) => reason === "NamespaceTerminating")) {
    return new Unavailable(`its namespace is being deleted: ${error.message}`, 5_000, {
      ...cause,
      clearedBy: "the end of that deletion",
    });
  }
  return new CrossfadeError("FORBIDDEN", reason("rights-refused", { said: error.message }), cause);
}

/** The port with every ApiError that leaves it put in the engine's words. */
export function translateErrors<T extends object>(port: T): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return async (...args: readonly unknown[]) => {
        try {
          return (await Reflect.apply(value, target, args)) as unknown;
        } catch (error) {
          throw inEngineWords(error);
        }
      };
    },
  });
}
