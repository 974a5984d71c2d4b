import type { ApiStore } from "../../store/api-store.ts";
import type { Route } from "../route.ts";
import type { Form } from "../serve/accept.ts";
import { type Answer, json } from "../serve/answer.ts";
import { noSuchPath } from "../serve/call.ts";
import { aggregated, coreVersions, groupAnswer, groupList, resourceList } from "./discovery.ts";
import { openApiDocument, openApiIndex } from "./openapi.ts";
import { versionInfo } from "./version-info.ts";

interface Server {
  readonly form: Form;
  readonly version: string;
  /** HOST:PORT as the client knows it. */
  readonly address: string;
}

type Description = Exclude<Route, { kind: "resource" | "control" }>;

/** What the API says of itself; the same for every user. */
export function describe(store: ApiStore, route: Description, server: Server): Answer {
  switch (route.kind) {
    case "version":
    case "health":
      return aboutServer(route.kind, server);
    case "core-versions":
    case "group-list":
      return roots(store, route.kind === "core-versions", server);
    case "group":
      return groupAnswer(store, route.group);
    case "group-version":
      return resourceList(store, route.group, route.version);
    case "openapi-index":
      return openApiIndex(store);
    case "openapi-document":
      return openApiDocument(store, route.group, route.version);
    // kubectl does without /openapi/v2 where there is a v3.
    case "unknown":
      throw noSuchPath();
  }
}

function aboutServer(kind: "version" | "health", { version }: Server): Answer {
  return kind === "version" ? json(versionInfo(version)) : { kind: "text", code: 200, text: "ok" };
}

function roots(store: ApiStore, core: boolean, { form, address }: Server): Answer {
  if (form.as === "APIGroupDiscoveryList") return aggregated(store, core, form.version);
  return core ? coreVersions(address) : groupList(store);
}
