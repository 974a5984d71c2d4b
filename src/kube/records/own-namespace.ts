import { CrossfadeError, Unavailable } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import { ApiError } from "../client/api-error.ts";
import type { CallOptions, KubeClient } from "../client/kube-client.ts";
import { namespaceManifest, probeNamespace } from "../nodes/own-namespace-manifest.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { at, text } from "../objects/read.ts";

const mark = "app.kubernetes.io/managed-by";

/** Whether it bears the mark that we give our own. */
export const isMarked = ({ metadata }: KubeObject): boolean => text(at(metadata, "labels", mark)) === "crossfade";

const path = `/api/v1/namespaces/${probeNamespace}`;

/** The namespace of ours as it is, created where it is missing. Whether one that others made may be used is the lease's question. */
export async function ensureNamespace(client: KubeClient, options: CallOptions = {}): Promise<KubeObject> {
  const found = await client.find<KubeObject>(path);
  if (found !== null) return found;
  try {
    return await client.create("/api/v1/namespaces", namespaceManifest, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") throw error;
    const made = await client.find<KubeObject>(path);
    if (made !== null) return made;
    throw new Unavailable("namespace crossfade was made by another user and was gone again before it could be read");
  }
}

/** The same, and nothing of a run goes into one of which whoever agreed to the plan was not told. */
export async function ensureOwnNamespace(client: KubeClient, options: CallOptions = {}): Promise<KubeObject> {
  const namespace = await ensureNamespace(client, options);
  if (isMarked(namespace)) return namespace;
  throw new CrossfadeError("PLAN_DRIFTED", reason("namespace-made-by-others", { label: `${mark}=crossfade` }));
}
