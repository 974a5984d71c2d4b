import { createHash } from "node:crypto";
import type { ApiStore } from "../../store/api-store.ts";
import type { Resource, ResourceVersion } from "../../store/resource.ts";
import { type Answer, json } from "../serve/answer.ts";
import { groupVersion, noSuchPath } from "../serve/call.ts";
import { resourcesAt, servedGroups } from "./discovery.ts";

/** /openapi/v3: where the document of each group and version is. The hash lets kubectl keep what it has. */
export function openApiIndex(store: ApiStore): Answer {
  const paths = servedGroups(store).flatMap(({ group, versions }) =>
    versions.map((version) => {
      const path = group ? `apis/${group}/${version}` : `api/${version}`;
      const hash = createHash("sha256")
        .update(JSON.stringify(document(store, group, version)))
        .digest("hex");
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash.slice(0, 32).toUpperCase()}` }] as const;
    }),
  );
  return json({ paths: Object.fromEntries(paths) });
}

/** /openapi/v3/… of one group and version. */
export function openApiDocument(store: ApiStore, group: string, version: string): Answer {
  return json(document(store, group, version));
}

/**
 * As much OpenAPI as kubectl and helm read before they write: which kinds can be patched how, and that the server
 * checks fields itself. Schemas are there for custom resources, whose CRDs bring them; built-in kinds have none.
 */
function document(store: ApiStore, group: string, version: string) {
  const served = resourcesAt(store, group, version);
  if (served.length === 0) throw noSuchPath();
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {};
  for (const { resource, at } of served) {
    if (resource.stored) Object.assign(paths, resourcePaths(resource, version));
    schemas[schemaName(resource, version)] = schemaOf(resource, at);
  }
  return { openapi: "3.0.0", info: { title: "Kubernetes", version: "unversioned" }, paths, components: { schemas } };
}

const schemaName = ({ group, kind }: Resource, version: string) =>
  [...(group || "io.k8s.api.core").split("."), version, kind].join(".");

function schemaOf(resource: Resource, at: ResourceVersion) {
  const gvk = { group: resource.group, version: at.version, kind: resource.kind };
  return { type: "object", ...at.schema, "x-kubernetes-group-version-kind": [gvk] };
}

const query = (name: string) => ({ name, in: "query", schema: { type: "string", uniqueItems: true } });
const writeParameters = ["dryRun", "fieldManager", "fieldValidation"].map(query);

function resourcePaths(resource: Resource, version: string) {
  const { group, kind, plural, namespaced, custom } = resource;
  const root = `/${group ? "apis" : "api"}/${groupVersion(group, version)}${namespaced ? "/namespaces/{namespace}" : ""}`;
  const gvk = { "x-kubernetes-group-version-kind": { group, version, kind } };
  const parameters = [...writeParameters, query("force")];
  const patch = { ...gvk, "x-kubernetes-action": "patch", parameters, ...(custom ? customPatchBody : {}) };
  const post = { ...gvk, "x-kubernetes-action": "post", parameters: writeParameters };
  return {
    [`${root}/${plural}`]: { get: { ...gvk, "x-kubernetes-action": "list" }, post },
    [`${root}/${plural}/{name}`]: {
      get: { ...gvk, "x-kubernetes-action": "get" },
      put: { ...gvk, "x-kubernetes-action": "put", parameters: writeParameters },
      patch,
    },
  };
}

/**
 * Custom resources have no Go struct, hence no strategic merge. For built-in kinds nothing is said: told that they take
 * strategic patches, kubectl would look for merge keys in schemas that are not here, instead of in its own structs.
 */
const customPatchBody = {
  requestBody: {
    content: Object.fromEntries(
      ["apply-patch+yaml", "json-patch+json", "merge-patch+json"].map((type) => [
        `application/${type}`,
        { schema: { type: "object" } },
      ]),
    ),
  },
};
