import { ApiError } from "../../store/api-error.ts";
import type { ResourceRoute, Route } from "../route.ts";
import { flag } from "../serve/call.ts";
import type { Identity } from "./identity.ts";
import type { Question, ResourceQuestion } from "./policy-rule.ts";

const verbs: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** metadata.name=NAME in a field selector names the object of a list or watch, so that resourceNames can allow it. */
function selectedName(query: URLSearchParams): string {
  const terms = (query.get("fieldSelector") ?? "").split(",");
  const found = terms.map((term) => /^metadata\.name==?([^!=]+)$/.exec(term.trim())?.[1]).find(Boolean);
  return found ?? "";
}

/** RequestInfo's verb: a GET without a name is a list or a watch. */
function verbOf(method: string, name: string | null, query: URLSearchParams): string {
  if (method === "GET" || method === "HEAD") return name !== null ? "get" : flag(query, "watch") ? "watch" : "list";
  return method === "DELETE" && name === null ? "deletecollection" : (verbs[method] ?? "");
}

function ofResource(route: ResourceRoute, method: string, query: URLSearchParams): ResourceQuestion {
  const { group, plural: resource, subresource, name } = route;
  const verb = verbOf(method, name, query);
  // A namespace is in itself: a Role there may speak of it.
  const isNamespace = group === "" && resource === "namespaces";
  const namespace = (isNamespace ? name : route.namespace) ?? "";
  const selected = verb === "list" || verb === "watch" ? selectedName(query) : "";
  const dryRun = query.getAll("dryRun").includes("All") ? ({ dryRun: true } as const) : {};
  return { verb, group, resource, subresource: subresource ?? "", namespace, name: name ?? selected, ...dryRun };
}

/** The question that the API server puts to its authorizer for a request (RequestInfo's rules). */
export function questionOf(route: Route, method: string, url: URL): Question {
  if (route.kind === "resource") return ofResource(route, method, url.searchParams);
  return { verb: method.toLowerCase(), path: url.pathname };
}

/** 403 in the API server's words. */
export function notAllowed(identity: Identity, question: Question, why = ""): ApiError {
  const tail = why === "" ? "" : `: ${why}`;
  const user = `User "${identity.username}" cannot ${question.verb}`;
  if ("path" in question) {
    return new ApiError(403, "Forbidden", `forbidden: ${user} path "${question.path}"${tail}`, {});
  }
  const { group, resource, subresource, namespace, name } = question;
  const titled = `${resource}${group === "" ? "" : `.${group}`}${name === "" ? "" : ` "${name}"`}`;
  const whole = subresource === "" ? resource : `${resource}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const message = `${titled} is forbidden: ${user} resource "${whole}" in API group "${group}" ${where}${tail}`;
  const details = { ...(name === "" ? {} : { name }), ...(group === "" ? {} : { group }), kind: resource };
  return new ApiError(403, "Forbidden", message, details);
}
