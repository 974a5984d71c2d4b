/** Where a URL path points, before anybody asked whether it exists. */
export type Route =
  | { readonly kind: "group-list" | "core-versions" | "version" | "health" | "openapi-index" }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "group-version"; readonly group: string; readonly version: string }
  | { readonly kind: "openapi-document"; readonly group: string; readonly version: string }
  | { readonly kind: "control" }
  | ({ readonly kind: "resource" } & ResourceRoute)
  | { readonly kind: "unknown" };

/** /api/v1 or /apis/G/V, then [namespaces/N/]plural[/name[/subresource]]. */
export interface ResourceRoute {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
}

const plain: Readonly<Record<string, Route>> = {
  "/api": { kind: "core-versions" },
  "/apis": { kind: "group-list" },
  "/version": { kind: "version" },
  "/openapi/v3": { kind: "openapi-index" },
};

/** Reads a path as the API server does: one regular shape for every resource. */
export function parseRoute(pathname: string): Route {
  const path = pathname.length > 1 ? pathname.replace(/\/+$/, "") : pathname;
  const known = plain[path];
  if (known) return known;
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) return { kind: "health" };
  if (path.startsWith("/lab/")) return { kind: "control" };
  const segments = path.slice(1).split("/").map(decodeURIComponent);
  if (segments[0] === "openapi" && segments[1] === "v3") return openApiDocument(segments.slice(2));
  if (segments[0] === "api") return inGroup("", segments.slice(1));
  if (segments[0] === "apis") return inGroup(segments[1] ?? "", segments.slice(2));
  return { kind: "unknown" };
}

function openApiDocument(segments: readonly string[]): Route {
  const [root, first = "", second = ""] = segments;
  if (root === "api") return { kind: "openapi-document", group: "", version: first };
  if (root === "apis" && second) return { kind: "openapi-document", group: first, version: second };
  return { kind: "unknown" };
}

function inGroup(group: string, segments: readonly string[]): Route {
  const [version, ...rest] = segments;
  if (version === undefined) return { kind: "group", group };
  if (rest.length === 0) return { kind: "group-version", group, version };
  return { kind: "resource", group, version, ...resourcePath(rest) };
}

/** Subresources of namespaces themselves; any other third segment is a resource inside the namespace. */
const ofNamespaces = new Set(["status", "finalize"]);

function resourcePath(segments: readonly string[]): Omit<ResourceRoute, "group" | "version"> {
  const [first = "", second, third, ...rest] = segments;
  if (first === "namespaces" && second !== undefined && third !== undefined && !ofNamespaces.has(third)) {
    const [name, ...after] = rest;
    return { plural: third, namespace: second, name: name ?? null, subresource: after.join("/") || null };
  }
  const subresource = [third, ...rest].filter((segment) => segment !== undefined).join("/") || null;
  return { plural: first, namespace: null, name: second ?? null, subresource };
}
