import type { KubeObject } from "../../objects.ts";
import { at, isTree, stringsIn, type Tree, text, treesIn } from "../json-tree.ts";
import type { PrinterColumn, Resource, ResourceVersion, ScalePaths, Subresource } from "../resource.ts";

const verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const changing = ["get", "patch", "update"];

function versionOf(version: Tree, kind: string): ResourceVersion {
  const schema = at(version, "schema", "openAPIV3Schema");
  const subresources: Subresource[] = [];
  if (isTree(at(version, "subresources", "status"))) subresources.push({ name: "status", kind, verbs: changing });
  const scale = scaleOf(at(version, "subresources", "scale"));
  if (scale) subresources.push({ name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: changing });
  return {
    version: String(version.name),
    served: version.served === true,
    storage: version.storage === true,
    schema: isTree(schema) ? schema : null,
    printerColumns: treesIn(version.additionalPrinterColumns) as Tree[] as unknown as PrinterColumn[],
    subresources,
    scale,
  };
}

function scaleOf(scale: unknown): ScalePaths | null {
  if (!isTree(scale)) return null;
  const paths = {
    specReplicas: text(scale.specReplicasPath ?? ".spec.replicas"),
    statusReplicas: text(scale.statusReplicasPath ?? ".status.replicas"),
  };
  return scale.labelSelectorPath ? { ...paths, labelSelector: text(scale.labelSelectorPath) } : paths;
}

/** v1 before v1beta2 before v1alpha1, newer before older: kube-aware version order. */
function byPriority(a: ResourceVersion, b: ResourceVersion): number {
  const rank = ({ version }: ResourceVersion) => {
    const [, major = "0", stage = "", minor = "0"] = /^v(\d+)(alpha|beta)?(\d+)?$/.exec(version) ?? [];
    const level = stage === "" ? 2 : stage === "beta" ? 1 : 0;
    return [level, Number(major), Number(minor)] as const;
  };
  const [x, y] = [rank(a), rank(b)];
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2];
}

/** The resource that a CustomResourceDefinition brings. */
export function resourceOf(definition: KubeObject): Resource {
  const spec = definition.spec as Tree;
  const names = spec.names as Tree;
  const kind = String(names.kind);
  const versions = treesIn(spec.versions).map((version) => versionOf(version, kind));
  return {
    name: `${text(spec.group)}/${text(names.plural)}`,
    group: String(spec.group),
    plural: String(names.plural),
    singular: String(names.singular),
    kind,
    listKind: String(names.listKind),
    shortNames: stringsIn(names.shortNames),
    categories: stringsIn(names.categories),
    namespaced: spec.scope === "Namespaced",
    verbs,
    versions: versions.sort(byPriority),
    custom: true,
    stored: true,
  };
}
