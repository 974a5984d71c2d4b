import { ApiError } from "./api-error.ts";
import type { CallOptions, KubeClient } from "./kube-client.ts";
import type { KubeObject } from "./kube-object.ts";
import { namespaceManifest, probeNamespace } from "./probe-manifest.ts";
import { at, text } from "./read.ts";

/** Whether it bears the mark that we give our own. */
export const isMarked = ({ metadata }: KubeObject): boolean =>
  text(at(metadata, "labels", "app.kubernetes.io/managed-by")) === "crossfade";

/** Creates the namespace of ours where it is missing. One that others made is used as it is: preflight and plan say so. */
export async function ensureNamespace(client: KubeClient, options: CallOptions = {}): Promise<void> {
  if ((await client.find(`/api/v1/namespaces/${probeNamespace}`)) !== null) return;
  try {
    await client.create("/api/v1/namespaces", namespaceManifest, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") throw error;
  }
}
