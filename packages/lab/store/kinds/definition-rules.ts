import type { KubeObject } from "../../objects.ts";
import type { Faults } from "../faults.ts";
import { at, byDefault, isTree, stringsIn, type Tree, text, treeAt, treesIn } from "../json-tree.ts";
import type { KindRules } from "./kind-rules.ts";
import { checkSyntax, dnsLabel, dnsSubdomain } from "./names.ts";
import { oneOf } from "./pod-validation.ts";

function defaultDefinition(object: KubeObject): void {
  const spec = treeAt(object, "spec");
  const names = treeAt(spec, "names");
  if (typeof names.kind === "string") {
    byDefault(names, "singular", names.kind.toLowerCase());
    byDefault(names, "listKind", `${names.kind}List`);
  }
  byDefault(spec, "conversion", { strategy: "None" });
}

function storedVersions(object: KubeObject): string[] {
  const versions = treesIn(treeAt(object, "spec").versions).filter(({ storage }) => storage === true);
  return versions.map(({ name }) => String(name));
}

function validateDefinition(object: KubeObject, faults: Faults): void {
  const spec = treeAt(object, "spec");
  const names = treeAt(spec, "names");
  const wanted = `${text(names.plural)}.${text(spec.group)}`;
  if (object.metadata.name !== wanted) {
    faults.invalid("metadata.name", object.metadata.name, 'must be spec.names.plural+"."+spec.group');
  }
  if (!spec.group) faults.required("spec.group");
  else checkSyntax("spec.group", spec.group, dnsSubdomain, faults);
  for (const field of ["plural", "kind"]) if (!names[field]) faults.required(`spec.names.${field}`);
  if (names.plural) checkSyntax("spec.names.plural", names.plural, dnsLabel, faults);
  if (!spec.scope) faults.required("spec.scope");
  oneOf(spec.scope, ["Cluster", "Namespaced"], "spec.scope", faults);
  validateVersions(object, faults);
}

function validateVersions(object: KubeObject, faults: Faults): void {
  const versions = treesIn(treeAt(object, "spec").versions);
  if (storedVersions(object).length !== 1) {
    faults.invalid("spec.versions", versions, "must have exactly one version marked as storage version");
  }
  const seen = new Set<unknown>();
  versions.forEach((version, index) => {
    const here = `spec.versions[${index}]`;
    if (!version.name) faults.required(`${here}.name`);
    if (seen.has(version.name)) faults.duplicate(`${here}.name`, version.name);
    seen.add(version.name);
    const schema = at(version, "schema", "openAPIV3Schema");
    if (schema === undefined) faults.required(`${here}.schema.openAPIV3Schema`, "schemas are required");
    else if (!isTree(schema) || schema.type !== "object") {
      faults.invalid(`${here}.schema.openAPIV3Schema.type`, at(schema, "type") ?? "", "must be object at the root");
    } else validateStructure(schema, `${here}.schema.openAPIV3Schema`, faults);
  });
}

/** The rule of structural schemas that authors break most: every node says its type. */
function validateStructure(schema: Tree, path: string, faults: Faults): void {
  const open = schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (!schema.type && !open) faults.required(`${path}.type`, "must not be empty for specified object fields");
  if (schema.type === "array" && schema.items === undefined) {
    faults.required(`${path}.items`, "must be specified");
  }
  for (const [part, rule] of partsOf(schema)) validateStructure(rule, `${path}.${part}`, faults);
}

function partsOf(schema: Tree): readonly (readonly [string, Tree])[] {
  const properties = Object.entries(isTree(schema.properties) ? schema.properties : {});
  const parts = properties.map(([name, part]) => [`properties[${name}]`, part] as const);
  const others = ["items", "additionalProperties"].map((field) => [field, schema[field]] as const);
  return [...parts, ...others].filter((part): part is readonly [string, Tree] => isTree(part[1]));
}

/** apiextensions.k8s.io/v1 CustomResourceDefinition; its conditions are set by the definitions watcher. */
export const definitionRules: KindRules = {
  generation: true,
  guardedUpdate: true,
  initialStatus: (object) => ({
    conditions: [],
    acceptedNames: { plural: "", kind: "" },
    storedVersions: storedVersions(object),
  }),
  defaults: defaultDefinition,
  keep(fresh) {
    const status = fresh.status as Tree | undefined;
    const stored = stringsIn(status?.storedVersions);
    const added = storedVersions(fresh).filter((version) => !stored.includes(version));
    if (added.length > 0) fresh.status = { ...status, storedVersions: [...stored, ...added] };
  },
  validate: validateDefinition,
  validateUpdate({ fresh, old }, faults) {
    for (const field of ["group", "scope"]) {
      faults.immutable(`spec.${field}`, at(fresh, "spec", field), at(old, "spec", field));
    }
    const kept = stringsIn(at(old, "status", "storedVersions"));
    const named = treesIn(at(fresh, "spec", "versions")).map(({ name }) => name);
    kept.forEach((version, index) => {
      if (named.includes(version)) return;
      const detail = `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
      faults.invalid(`status.storedVersions[${index}]`, version, detail);
    });
  },
};
