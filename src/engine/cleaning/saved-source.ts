import type { ObjectRef } from "../model/cluster/object-ref.ts";
import type { ClusterFacts } from "../model/facts.ts";
import type { JsonObject, JsonValue } from "../model/plan-types.ts";
import type { ArchivedFiles } from "../model/ports/archive.ts";
import type { Objects } from "../model/ports/objects.ts";

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is at a path of an object that others write. */
export const partOf = (object: JsonObject, ...path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), object);

/** The kind that a CustomResourceDefinition brings, in the version in which it is stored. */
export function broughtBy(definition: JsonObject): Pick<ObjectRef, "apiVersion" | "kind"> | null {
  const [group, kind, versions] = [
    partOf(definition, "spec", "group"),
    partOf(definition, "spec", "names", "kind"),
    partOf(definition, "spec", "versions"),
  ];
  const stored = (Array.isArray(versions) ? (versions as readonly JsonValue[]) : []).find(
    (version) => isObject(version) && version["storage"] === true,
  );
  const version = isObject(stored) ? stored["name"] : undefined;
  return typeof group === "string" && typeof kind === "string" && typeof version === "string"
    ? { apiVersion: `${group}/${version}`, kind }
    : null;
}

/** What of the source there is to save. */
export interface SavedOf {
  /** The objects that the run removes. */
  readonly removed: readonly ObjectRef[];
  /** What was read of kinds that the source has, by plural and group. */
  readonly read: ClusterFacts["sourceObjects"];
}

const policyKind = "networkpolicies.networking.k8s.io";

/** By their plurals; NetworkPolicies have a file of their own. */
const kindsRead = (read: SavedOf["read"]) =>
  Object.entries(read).flatMap(([kind, [first]]) =>
    first === undefined || kind === policyKind
      ? []
      : [{ apiVersion: first.apiVersion, kind: kind.slice(0, kind.indexOf(".")) }],
  );

const keyOf = (object: JsonObject): string => {
  const names = [partOf(object, "metadata", "namespace"), partOf(object, "metadata", "name")];
  return JSON.stringify([object["apiVersion"], object["kind"], ...names]);
};

const kubeProxy: ObjectRef = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "kube-proxy" };
const networkPolicies = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" } as const;

/**
 * What brings the source back by `kubectl apply`, file by file: the objects that the run removes, in the order in which they depend on
 * each other, those of kinds of its own, all NetworkPolicies, and kube-proxy's configuration. No Secret: tokens do not belong into files.
 */
export async function savedSource({ removed, read }: SavedOf, objects: Objects): Promise<ArchivedFiles> {
  const refs = removed.filter(({ kind }) => kind !== "Secret");
  const found = (await Promise.all(refs.toReversed().map((ref) => objects.get(ref)))).filter((one) => one !== null);
  const kinds = found.flatMap((object) =>
    object["kind"] === "CustomResourceDefinition" ? (broughtBy(object) ?? []) : [],
  );
  const all = [...kinds, ...kindsRead(read)].map((kind) => objects.all(kind));
  const instances = [...new Map((await Promise.all(all)).flat().map((object) => [keyOf(object), object])).values()];
  const policies = await objects.all(networkPolicies);
  const proxy = await objects.get(kubeProxy);
  const files: readonly (readonly [string, readonly JsonObject[]])[] = [
    ["source-objects.yaml", found],
    ["source-instances.yaml", instances],
    ["network-policies.yaml", policies],
    ["kube-proxy.yaml", proxy === null ? [] : [proxy]],
  ];
  return Object.fromEntries(files.filter(([, all]) => all.length > 0));
}
