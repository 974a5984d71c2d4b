import type { V1Namespace } from "@kubernetes/client-node";
import type { AsJson } from "../objects/kube-object.ts";
/** Everything of ours in the cluster lives here. */
export const probeNamespace = "crossfade";

/** The probe and the reboot pod need more than the baseline: a hostPath, and privileges. */
export const namespaceManifest = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: probeNamespace,
    labels: {
      "app.kubernetes.io/managed-by": "crossfade",
      "pod-security.kubernetes.io/enforce": "privileged",
      "pod-security.kubernetes.io/warn": "privileged",
      "pod-security.kubernetes.io/audit": "privileged",
    },
  },
} satisfies AsJson<V1Namespace>;
