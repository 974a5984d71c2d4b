import type { KubeObject } from "../objects.ts";
import { badRequest, invalid } from "./api-error.ts";
import { at, clone, isTree, stringsIn, type Tree, treeAt, treesIn } from "./json-tree.ts";
import type { ScalePaths } from "./resource.ts";

const steps = (path: string) => path.split(".").filter(Boolean);

/** The autoscaling/v1 Scale of an object. */
export function scaleOf(object: KubeObject, paths: ScalePaths): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = Number(at(object, ...steps(paths.specReplicas)) ?? 0);
  const running = Number(at(object, ...steps(paths.statusReplicas)) ?? 0);
  const metadata = { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject["metadata"];
  const selector = selectorOf(object, paths);
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata,
    spec: { replicas },
    status: { replicas: running, ...(selector ? { selector } : {}) },
  };
}

function selectorOf(object: KubeObject, paths: ScalePaths): string {
  const told = paths.labelSelector ? at(object, ...steps(paths.labelSelector)) : undefined;
  if (typeof told === "string") return told;
  const selector = at(object, "spec", "selector");
  return isTree(selector) ? selectorText(selector) : "";
}

/** A LabelSelector in the syntax of query parameters. */
function selectorText(selector: Tree): string {
  const exact = Object.entries(isTree(selector.matchLabels) ? selector.matchLabels : {});
  const expressions = treesIn(selector.matchExpressions).map(({ key, operator, values }) => {
    if (operator === "Exists") return String(key);
    if (operator === "DoesNotExist") return `!${String(key)}`;
    return `${String(key)} ${operator === "In" ? "in" : "notin"} (${stringsIn(values).join(",")})`;
  });
  return [...exact.map(([key, value]) => `${key}=${String(value)}`), ...expressions].join(",");
}

/** The object with the replicas that a Scale wants; the Scale's resourceVersion guards it. */
export function scaled(object: KubeObject, scale: unknown, paths: ScalePaths): KubeObject {
  if (!isTree(scale) || (scale.kind !== undefined && scale.kind !== "Scale")) {
    throw badRequest("the request body is not an autoscaling/v1 Scale object");
  }
  const replicas = at(scale, "spec", "replicas") ?? 0;
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
    const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
    const causes = [{ reason: "FieldValueInvalid", message, field: "spec.replicas" }];
    throw invalid({ group: "autoscaling", kind: "Scale" }, object.metadata.name, causes);
  }
  const copy = clone(object);
  const path = steps(paths.specReplicas);
  const last = path.pop() ?? "replicas";
  path.reduce<Tree>(treeAt, copy)[last] = replicas;
  const guard = at(scale, "metadata", "resourceVersion");
  if (typeof guard === "string") copy.metadata.resourceVersion = guard;
  else delete copy.metadata.resourceVersion;
  return copy;
}
