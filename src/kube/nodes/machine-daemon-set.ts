import type { V1DaemonSet, V1PodSpec, V1SecurityContext } from "@kubernetes/client-node";
import { machinesOnly } from "../../engine/model/cluster/virtual-node.ts";
import type { AsJson } from "../objects/kube-object.ts";
import { probeNamespace } from "./own-namespace-manifest.ts";

/** What is peculiar to a pod of ours: its containers, volumes, network. */
export type MachinePod = Pick<AsJson<V1PodSpec>, "hostNetwork" | "containers" | "volumes">;

/** For a container that needs none of root's powers; whether it is root is its own matter. */
export const withoutPowers = {
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
} satisfies AsJson<V1SecurityContext>;

const onEveryMachine = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  nodeSelector: { "kubernetes.io/os": "linux" },
  terminationGracePeriodSeconds: 1,
  tolerations: [{ operator: "Exists" }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: machinesOnly }],
      },
    },
  },
} satisfies Partial<AsJson<V1PodSpec>>;

/** A DaemonSet of ours with a pod on every Linux machine, whatever its taints, that needs nothing of the API. */
export function machineDaemonSet<Pod extends MachinePod>(name: string, pod: Pod) {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: probeNamespace, labels: { ...labels, "app.kubernetes.io/managed-by": "crossfade" } },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } },
      template: {
        metadata: { labels },
        spec: {
          ...onEveryMachine,
          ...pod,
        },
      },
    },
  } satisfies AsJson<V1DaemonSet>;
}
