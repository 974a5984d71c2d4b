import type { V1SelfSubjectAccessReview } from "@kubernetes/client-node";
import type { PermissionFacts } from "../../engine/model/facts.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import type { AsJson, KubeObject } from "../objects/kube-object.ts";
import { at } from "../objects/read.ts";
import { type Right, type RightsWanted, rightsUpTo } from "./rights.ts";

type Asked = Omit<PermissionFacts, "allowed">;

/** The namespace that a right speaks of; null for the whole cluster. */
export function namespaceOf({ place, namespace }: Right, { ciliumNamespace }: RightsWanted): string | null {
  return { cluster: null, own: probeNamespace, cilium: ciliumNamespace, source: namespace ?? null }[place];
}

/** Every single question: one verb on one resource, of one object where the right names some. */
export function questionsOf(wanted: RightsWanted): readonly Asked[] {
  return rightsUpTo("finalize", wanted).flatMap((right) =>
    right.verbs.flatMap((verb) =>
      (right.names ?? [null]).map((name): Asked => {
        const { resource, group, stage } = right;
        const about = { verb, resource, group, namespace: namespaceOf(right, wanted), stage };
        return name === null ? about : { ...about, name };
      }),
    ),
  );
}

async function ask(client: KubeClient, asked: Asked, signal: AbortSignal): Promise<PermissionFacts> {
  const [resource = "", subresource] = asked.resource.split("/");
  const resourceAttributes = {
    verb: asked.verb,
    group: asked.group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(asked.namespace === null ? {} : { namespace: asked.namespace }),
    ...(asked.name === undefined ? {} : { name: asked.name }),
  };
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  } satisfies AsJson<V1SelfSubjectAccessReview>;
  const answer = await client.create<KubeObject>("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review, {
    signal,
    // A question, though it is asked by POST.
    fenced: false,
    repeatable: true,
  });
  return { ...asked, allowed: at(answer, "status", "allowed") === true };
}

/** Our rights as the API server answers; empty where it answers no such question. */
export async function askPermissions(
  client: KubeClient,
  wanted: RightsWanted,
  signal: AbortSignal,
): Promise<readonly PermissionFacts[]> {
  try {
    return await Promise.all(questionsOf(wanted).map((asked) => ask(client, asked, signal)));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
}
