import type { Answer } from "./http-proxy.ts";

const reasons: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  409: "Conflict",
  410: "Expired",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** An API server's refusal. */
export function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: reasons[status] ?? "",
    code: status,
  };
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** What a load balancer says in an API server's place: no Status, and no JSON. */
export const badGateway: Answer = {
  status: 502,
  headers: { "content-type": "text/html" },
  body: "<html><body><h1>502 Bad Gateway</h1></body></html>",
};

/** A watch that ends with an event instead of a status. */
export function expiredEvent(): Answer {
  const { body } = refusal(410, "too old resource version: 1 (2)");
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: `{"type":"ERROR","object":${body}}\n`,
  };
}
