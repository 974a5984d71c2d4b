import type { ApiStore } from "../../store/api-store.ts";
import type { Resource, ResourceVersion, Subresource } from "../../store/resource.ts";
import { type Answer, json } from "../serve/answer.ts";
import { groupVersion, noSuchPath } from "../serve/call.ts";

/** One group and the versions that are served, the preferred one first. */
export interface ServedGroup {
  readonly group: string;
  readonly versions: readonly string[];
}

interface ServedResource {
  readonly resource: Resource;
  readonly at: ResourceVersion;
}

/** All groups, the core one ("") among them, in the order of their first resource. */
export function servedGroups(store: ApiStore): readonly ServedGroup[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, versions } of store.resources()) {
    const known = groups.get(group) ?? new Set();
    groups.set(group, known);
    for (const { version, served } of versions) if (served) known.add(version);
  }
  return [...groups].map(([group, versions]) => ({ group, versions: [...versions].sort(byStability) }));
}

/** v2 before v1 before v1beta2 before v1alpha1, as the API server prefers. */
function byStability(a: string, b: string): number {
  const [stageA, majorA, minorA] = rank(a);
  const [stageB, majorB, minorB] = rank(b);
  return stageB - stageA || majorB - majorA || minorB - minorA;
}

function rank(version: string): [number, number, number] {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  return [stage === undefined ? 2 : stage === "beta" ? 1 : 0, Number(major ?? 0), Number(minor ?? 0)];
}

/** Resources of one group and version. */
export function resourcesAt(store: ApiStore, group: string, version: string): readonly ServedResource[] {
  return store.resources().flatMap((resource) => {
    if (resource.group !== group) return [];
    const at = resource.versions.find((candidate) => candidate.version === version && candidate.served);
    return at ? [{ resource, at }] : [];
  });
}

/** /api */
export function coreVersions(serverAddress: string): Answer {
  return json({
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  });
}

function groupInfo({ group, versions }: ServedGroup) {
  const all = versions.map((version) => ({ groupVersion: groupVersion(group, version), version }));
  return { name: group, versions: all, preferredVersion: all[0] };
}

/** /apis */
export function groupList(store: ApiStore): Answer {
  const groups = servedGroups(store).filter(({ group }) => group !== "");
  return json({ kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupInfo) });
}

/** /apis/G */
export function groupAnswer(store: ApiStore, group: string): Answer {
  const found = servedGroups(store).find((candidate) => candidate.group === group && group !== "");
  if (!found) throw noSuchPath();
  return json({ kind: "APIGroup", apiVersion: "v1", ...groupInfo(found) });
}

/** /api/v1 and /apis/G/V */
export function resourceList(store: ApiStore, group: string, version: string): Answer {
  const served = resourcesAt(store, group, version);
  if (served.length === 0) throw noSuchPath();
  const resources = served.flatMap(({ resource, at }) => [
    resourceEntry(resource),
    ...at.subresources.map((subresource) => subresourceEntry(resource, subresource)),
  ]);
  return json({ kind: "APIResourceList", apiVersion: "v1", groupVersion: groupVersion(group, version), resources });
}

function resourceEntry({ plural, singular, namespaced, kind, verbs, shortNames, categories }: Resource) {
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
}

/** kubectl drain evicts only where pods/eviction names its group and version. */
function subresourceEntry({ plural, namespaced }: Resource, { name, kind, group, version, verbs }: Subresource) {
  return {
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    ...(group === undefined ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    kind,
    verbs,
  };
}

/** /api or /apis as aggregated discovery: every group, version and resource in one answer. */
export function aggregated(store: ApiStore, core: boolean, version: string): Answer {
  const groups = servedGroups(store).filter(({ group }) => (group === "") === core);
  const items = groups.map(({ group, versions }) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versions.map((served) => ({
      version: served,
      resources: resourcesAt(store, group, served).map(aggregatedResource),
      freshness: "Current",
    })),
  }));
  const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  const apiVersion = `apidiscovery.k8s.io/${version}`;
  return json({ kind: "APIGroupDiscoveryList", apiVersion, metadata: {}, items }, 200, contentType);
}

function aggregatedResource({ resource, at }: ServedResource) {
  const { group, kind, plural, singular, namespaced, verbs, shortNames, categories } = resource;
  return {
    resource: plural,
    responseKind: { group, version: at.version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(at.subresources.length > 0
      ? {
          subresources: at.subresources.map((sub) => ({
            subresource: sub.name,
            responseKind: { group: sub.group ?? group, version: sub.version ?? at.version, kind: sub.kind },
            verbs: sub.verbs,
          })),
        }
      : {}),
  };
}
