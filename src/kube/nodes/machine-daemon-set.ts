import { machinesOnly } from "../../engine/model/cluster/virtual-node.ts";
import { probeNamespace } from "./own-namespace-manifest.ts";

/** What is peculiar to a pod of ours: its containers, volumes, network. */
export interface MachinePod {
  readonly hostNetwork?: true;
  readonly containers: readonly object[];
  readonly volumes: readonly object[];
}

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
          ...pod,
        },
      },
    },
  };
}
