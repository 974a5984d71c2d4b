import type { CniSettings } from "../../../cni/cni-driver.ts";
import type { KubeObject } from "../../../objects.ts";

/** The range of all pods. */
export const range = "10.244.0.0/16";

const namespace = "kube-system";
const name = "bridge-cni";
const image = "registry.example.org/bridge-cni:v1.2.0";
const rbac = "rbac.authorization.k8s.io";

/** A ConfigMap that names the range, and one DaemonSet with what it needs, in a namespace that others share. */
export function bridgeManifest({ podCidr }: CniSettings): readonly KubeObject[] {
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name },
      rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { range: podCidr } },
    daemonSet(),
  ];
}

function daemonSet(): KubeObject {
  const labels = { app: name };
  const hostPath = { path: "/etc/cni/net.d" };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          serviceAccountName: name,
          priorityClassName: "system-node-critical",
          tolerations: [{ operator: "Exists", effect: "NoSchedule" }],
          initContainers: [
            {
              name: "install-conf",
              image,
              command: ["/bin/install-conf"],
              args: ["/etc/cni/net.d/10-bridge.conflist"],
              volumeMounts: [{ name: "conf", mountPath: "/etc/cni/net.d" }],
            },
          ],
          containers: [{ name: "routes", image, command: ["/bin/routes"] }],
          volumes: [{ name: "conf", hostPath }],
        },
      },
    },
  };
}
