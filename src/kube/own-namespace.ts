import { ApiError } from "./api-error.ts";
import type { CallOptions, KubeClient } from "./kube-client.ts";
import { namespaceManifest, probeNamespace } from "./probe-manifest.ts";

/** Creates the namespace of ours where it is missing. */
export async function ensureNamespace(client: KubeClient, options: CallOptions = {}): Promise<void> {
  if ((await client.find(`/api/v1/namespaces/${probeNamespace}`)) !== null) return;
  try {
    await client.create("/api/v1/namespaces", namespaceManifest, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") throw error;
  }
}
