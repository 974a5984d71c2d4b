import type { KubeObject } from "../../objects.ts";
import { badRequest } from "../api-error.ts";
import type { Faults } from "../faults.ts";
import { isTree, text, treesIn } from "../json-tree.ts";
import type { KindRules } from "./kind-rules.ts";
import { checkQualifiedName, checkSyntax, dnsLabel, dnsSubdomain, labelValue, serviceName } from "./names.ts";

/** Bytes of all annotations of one object, keys included. */
const annotationsLimit = 262_144;

/** 400 for what the real server cannot even decode: string maps whose values are no strings. */
export function checkMetadataTypes(kind: string, metadata: unknown): void {
  if (!isTree(metadata)) throw badRequest(`${kind} in the request has no metadata object`);
  for (const field of ["labels", "annotations"]) {
    const map = metadata[field];
    if (map === undefined) continue;
    const wrong = isTree(map) ? Object.values(map).find((value) => typeof value !== "string") : map;
    if (wrong !== undefined) {
      const what = Array.isArray(wrong) ? "array" : typeof wrong;
      throw badRequest(
        `${kind} in version cannot be handled: json: cannot unmarshal ${what} into Go struct field ` +
          `ObjectMeta.metadata.${field} of type string`,
      );
    }
  }
}

/** What every object's metadata must be. */
export function validateMetadata(object: KubeObject, rules: KindRules, faults: Faults): void {
  const { metadata } = object;
  if (!metadata.name) faults.required("metadata.name", "name or generateName is required");
  else checkName(metadata.name, rules.name, faults);
  if (metadata.namespace) checkSyntax("metadata.namespace", metadata.namespace, dnsLabel, faults);
  checkLabels("metadata.labels", metadata.labels, faults);
  checkAnnotations(metadata.annotations, faults);
  for (const finalizer of metadata.finalizers ?? []) checkQualifiedName("metadata.finalizers", finalizer, faults);
  checkOwners(metadata.ownerReferences, faults);
}

function checkName(name: string, rule: KindRules["name"], faults: Faults): void {
  if (rule === "path") {
    if (name === "." || name === ".." || /[/%]/.test(name)) {
      faults.invalid("metadata.name", name, "may not be '.' or '..' or contain '/' or '%'");
    }
    return;
  }
  const syntax = { label: dnsLabel, service: serviceName, subdomain: dnsSubdomain }[rule ?? "subdomain"];
  checkSyntax("metadata.name", name, syntax, faults);
}

export function checkLabels(field: string, labels: Record<string, string> | undefined, faults: Faults): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    checkQualifiedName(field, key, faults);
    checkSyntax(field, value, labelValue, faults);
  }
}

function checkAnnotations(annotations: Record<string, string> | undefined, faults: Faults): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    checkQualifiedName("metadata.annotations", key.toLowerCase(), faults);
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > annotationsLimit) faults.tooLong("metadata.annotations", annotationsLimit);
}

function checkOwners(owners: unknown, faults: Faults): void {
  const list = treesIn(owners);
  list.forEach((owner, index) => {
    for (const field of ["apiVersion", "kind", "name", "uid"]) {
      if (!owner[field]) faults.invalid(`metadata.ownerReferences[${index}].${field}`, "", "must not be empty");
    }
  });
  const controllers = list.filter(({ controller }) => controller === true);
  if (controllers.length > 1) {
    const named = controllers.map(({ kind, name }) => `${text(kind)}/${text(name)}`).join(" and ");
    faults.invalid("metadata.ownerReferences", owners, `Only one reference can have Controller set to true: ${named}`);
  }
}
