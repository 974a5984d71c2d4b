import { parseAllDocuments } from "yaml";
import { rbacObjects, rbacYaml, type Subject } from "../../../src/commands/rbac-manifest.ts";
import { usualRights } from "../../../src/commands/usual-rights.ts";
import type { RightsStage } from "../../../src/engine/model/facts.ts";
import type { KubeClient } from "../../../src/kube/client/kube-client.ts";
import type { KubeObject } from "../../../src/kube/objects/kube-object.ts";

const plurals: Readonly<Record<string, string>> = {
  Namespace: "/api/v1/namespaces",
  ServiceAccount: "/api/v1/namespaces/*/serviceaccounts",
  ClusterRole: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
  ClusterRoleBinding: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  Role: "/apis/rbac.authorization.k8s.io/v1/namespaces/*/roles",
  RoleBinding: "/apis/rbac.authorization.k8s.io/v1/namespaces/*/rolebindings",
};

const pathOf = ({ kind, metadata }: KubeObject): string =>
  `${(plurals[kind ?? ""] ?? "/nowhere").replace("*", metadata.namespace ?? "")}/${metadata.name}`;

/** The objects that `crossfade rbac` prints, read back from its YAML as kubectl would. */
export function printedObjects(stage: RightsStage, to: Subject): readonly KubeObject[] {
  const documents = parseAllDocuments(rbacYaml(rbacObjects(stage, to, usualRights)));
  if (!Array.isArray(documents)) throw new Error("nothing was printed");
  return documents.map((document): KubeObject => {
    const [fault] = document.errors;
    if (fault) throw fault;
    return document.toJS() as KubeObject;
  });
}

/** `kubectl apply --server-side -f -`. */
export async function applyObjects(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) await client.patch(pathOf(object), object, { kind: "apply", force: true });
}
