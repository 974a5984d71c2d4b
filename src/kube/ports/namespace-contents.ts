import type { NamespaceContents, NamespaceObject } from "../../engine/model/cluster/namespace-contents.ts";
import { ApiError } from "../client/api-error.ts";
import type { CallOptions, KubeClient } from "../client/kube-client.ts";
import type { Discovery, ServedResource } from "../objects/discovery.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { listAs } from "../objects/pages.ts";
import { at, list, text, textMap } from "../objects/read.ts";

interface Listed {
  readonly apiVersion: string;
  readonly resource: ServedResource;
}

interface Kinds {
  readonly listed: readonly Listed[];
  readonly unknown: readonly string[];
}

/** What comes and goes by itself, or shows other objects once more. */
const passing = new Set(["events", "endpoints", "endpointslices"]);

/** What can be removed is what a namespace takes with it; PodMetrics, for one, can only be read. */
const isStored = ({ name, namespaced, verbs }: ServedResource) =>
  namespaced && verbs.includes("list") && verbs.includes("delete") && !passing.has(name);

const refusal = (error: ApiError) => `${error.status} ${error.message}`;

async function kindsAt(discovery: Discovery, apiVersion: string): Promise<Kinds> {
  try {
    const resources = await discovery.resources(apiVersion);
    if (resources === null) return { listed: [], unknown: [`${apiVersion} (not served)`] };
    return { listed: resources.filter(isStored).map((resource) => ({ apiVersion, resource })), unknown: [] };
  } catch (error) {
    if (error instanceof ApiError) return { listed: [], unknown: [`${apiVersion} (${refusal(error)})`] };
    throw error;
  }
}

/** Every namespaced kind of the cluster, those of CRDs and of aggregated APIs too. */
async function allKinds(discovery: Discovery): Promise<Kinds> {
  const groups = await discovery.groups();
  const preferred = Object.entries(groups).flatMap(([group, [version]]) =>
    version === undefined ? [] : [`${group}/${version}`],
  );
  const found = await Promise.all(["v1", ...preferred].map((apiVersion) => kindsAt(discovery, apiVersion)));
  return { listed: found.flatMap(({ listed }) => listed), unknown: found.flatMap(({ unknown }) => unknown) };
}

function contentOf({ apiVersion, resource }: Listed, object: KubeObject): NamespaceObject {
  const owners = list(at(object, "metadata", "ownerReferences"));
  const labels = textMap(at(object, "metadata", "labels"));
  return {
    apiVersion,
    kind: resource.kind,
    name: object.metadata.name,
    owners: owners.map((owner) => `${text(at(owner, "kind"))}/${text(at(owner, "name"))}`),
    serviceAccount: textMap(at(object, "metadata", "annotations"))["kubernetes.io/service-account.name"] ?? "",
    managedBy: labels["app.kubernetes.io/managed-by"] ?? "",
  };
}

/**
 * All that is in a namespace, of every kind that discovery names; a kind that cannot be listed is unknown, never empty. Where the answer
 * decides (before the namespace would go) a kind is asked again as often as any request (retry); a sweep that must come to its end asks once.
 */
export async function namespaceContents(
  client: KubeClient,
  discovery: Discovery,
  namespace: string,
  options: Pick<CallOptions, "signal" | "retry">,
): Promise<NamespaceContents> {
  const { listed, unknown } = await allKinds(discovery);
  const asked = listed.map(async (kind): Promise<NamespaceContents> => {
    const { apiVersion, resource } = kind;
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const path = `${root}/namespaces/${namespace}/${resource.name}`;
    try {
      const objects = await listAs(client, path, (object) => contentOf(kind, object), options);
      return { objects, unknown: [] };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { objects: [], unknown: [`${resource.kind} (${refusal(error)})`] };
    }
  });
  const found = await Promise.all(asked);
  return {
    objects: found.flatMap(({ objects }) => objects),
    unknown: [...unknown, ...found.flatMap((one) => one.unknown)],
  };
}
