import { stringify } from "yaml";
import type { RightsStage } from "../engine/model/facts.ts";
import { namespaceManifest, probeNamespace } from "../kube/nodes/own-namespace-manifest.ts";
import { namespaceOf } from "../kube/ports/permissions.ts";
import { type Right, type RightsWanted, rightsUpTo } from "../kube/ports/rights.ts";

/** To whom the roles are given. */
export type Subject =
  | { readonly kind: "User" | "Group"; readonly name: string }
  | { readonly kind: "ServiceAccount"; readonly namespace: string; readonly name: string };

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const group = "rbac.authorization.k8s.io";
const apiVersion = `${group}/v1`;
const labels = { "app.kubernetes.io/managed-by": "crossfade" };

/** A rule each right; the verbs of the same objects, and the resources of the same verbs, come together. */
function rulesOf(rights: readonly Right[]): readonly Rule[] {
  const verbs = new Map<string, { right: Right; verbs: Set<string> }>();
  for (const right of rights) {
    const key = JSON.stringify([right.group, right.resource, right.names ?? null]);
    const known = verbs.get(key) ?? { right, verbs: new Set<string>() };
    for (const verb of right.verbs) known.verbs.add(verb);
    verbs.set(key, known);
  }
  const rules = new Map<string, Rule>();
  for (const { right, verbs: all } of verbs.values()) {
    const sorted = [...all].sort();
    const key = JSON.stringify([right.group, sorted, right.names ?? null]);
    const resources = [...(rules.get(key)?.resources ?? []), right.resource];
    const names = right.names === undefined ? {} : { resourceNames: right.names };
    rules.set(key, { apiGroups: [right.group], resources, ...names, verbs: sorted });
  }
  return [...rules.values()];
}

function bound(kind: "Role" | "ClusterRole", metadata: object, rules: readonly Rule[], to: Subject): readonly object[] {
  const subject = to.kind === "ServiceAccount" ? to : { ...to, apiGroup: group };
  const { name } = metadata as { readonly name: string };
  return [
    { apiVersion, kind, metadata, rules },
    { apiVersion, kind: `${kind}Binding`, metadata, roleRef: { apiGroup: group, kind, name }, subjects: [subject] },
  ];
}

/** All objects that give a subject the least rights for a stage, in the order in which they can be applied. */
export function rbacObjects(stage: RightsStage, to: Subject, wanted: RightsWanted): readonly object[] {
  const places = new Map<string | null, Right[]>();
  for (const right of rightsUpTo(stage, wanted)) {
    const namespace = namespaceOf(right, wanted);
    places.set(namespace, [...(places.get(namespace) ?? []), right]);
  }
  const name = `crossfade-${stage}`;
  const account =
    to.kind === "ServiceAccount" && to.namespace === probeNamespace
      ? [{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: to.name, namespace: to.namespace, labels } }]
      : [];
  const roles = [...places].flatMap(([namespace, rights]) =>
    namespace === null
      ? bound("ClusterRole", { name, labels }, rulesOf(rights), to)
      : bound("Role", { name, namespace, labels }, rulesOf(rights), to),
  );
  return [namespaceManifest, ...account, ...roles];
}

/** As YAML for `kubectl apply -f -`. */
export function rbacYaml(objects: readonly object[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}
