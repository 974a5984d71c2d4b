import type { PermissionFacts } from "../engine/facts.ts";
import { ApiError } from "./api-error.ts";
import type { KubeClient } from "./kube-client.ts";
import type { KubeObject } from "./kube-object.ts";
import { probeNamespace } from "./probe-manifest.ts";
import { at } from "./read.ts";

type Right = Omit<PermissionFacts, "allowed">;

function rights(
  group: string,
  resource: string,
  verbs: readonly string[],
  namespace: string | null = null,
): readonly Right[] {
  return verbs.map((verb) => ({ verb, resource, group, namespace }));
}

const read = ["list", "watch"];

/** What a whole run asks of the API server, helm's own objects aside; preflight asks for each of them beforehand. */
export function rightsOfRun(ciliumNamespace: string): readonly Right[] {
  return [
    ...rights("", "nodes", [...read, "get", "patch"]),
    ...rights("", "pods", [...read, "delete"]),
    ...rights("", "pods/eviction", ["create"]),
    // Since 1.35 exec over WebSocket needs both.
    ...rights("", "pods/exec", ["get", "create"], ciliumNamespace),
    ...rights("", "pods/exec", ["get", "create"], probeNamespace),
    ...rights("", "pods", ["create"], probeNamespace),
    ...rights("", "namespaces", ["get", "create", "delete"]),
    ...rights("", "serviceaccounts", ["get", "create", "delete"]),
    ...rights("", "services", ["list"]),
    ...rights("", "configmaps", ["get", "delete"]),
    ...rights("", "configmaps", ["create", "update", "patch", "watch"], probeNamespace),
    ...rights("", "secrets", ["list", "create", "update", "delete"], ciliumNamespace),
    ...rights("apps", "daemonsets", [...read, "get", "create", "patch", "delete"]),
    ...rights("apps", "deployments", [...read, "get", "patch"]),
    ...rights("apps", "statefulsets", read),
    ...rights("policy", "poddisruptionbudgets", read),
    ...rights("cilium.io", "ciliumnodes", read),
    ...rights("cilium.io", "ciliumendpoints", read),
    ...rights("cilium.io", "ciliumnodeconfigs", ["list", "create", "patch", "delete"]),
    ...rights("apiextensions.k8s.io", "customresourcedefinitions", ["get"]),
    ...rights("coordination.k8s.io", "leases", ["get", "create", "update"], probeNamespace),
    ...rights("rbac.authorization.k8s.io", "clusterroles", ["get", "create", "delete", "bind", "escalate"]),
    ...rights("rbac.authorization.k8s.io", "clusterrolebindings", ["get", "create", "delete"]),
  ];
}

async function ask(client: KubeClient, right: Right, signal: AbortSignal): Promise<PermissionFacts> {
  const [resource, subresource] = right.resource.split("/");
  const resourceAttributes = {
    verb: right.verb,
    group: right.group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(right.namespace === null ? {} : { namespace: right.namespace }),
  };
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  };
  const answer = await client.create<KubeObject>("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review, {
    signal,
    // A question, though it is asked by POST.
    fenced: false,
    repeatable: true,
  });
  return { ...right, allowed: at(answer, "status", "allowed") === true };
}

/** Our rights as the API server answers; empty where it answers no such question. */
export async function askPermissions(
  client: KubeClient,
  ciliumNamespace: string,
  signal: AbortSignal,
): Promise<readonly PermissionFacts[]> {
  try {
    return await Promise.all(rightsOfRun(ciliumNamespace).map((right) => ask(client, right, signal)));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
}
