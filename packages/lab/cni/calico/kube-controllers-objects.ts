import type { KubeObject } from "../../objects.ts";
import type { Owned } from "./access.ts";
import { version } from "./node-daemon-set.ts";

const labels = { "k8s-app": "calico-kube-controllers" };
const name = "calico-kube-controllers";

/** Deployment calico-kube-controllers. */
export function kubeControllersDeployment(namespace: string, owned: Owned = {}): KubeObject {
  const probe = (...flags: string[]) => ({
    exec: { command: ["/usr/bin/check-status", ...flags] },
    periodSeconds: 10,
  });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels, ...owned },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: "Recreate" },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [
            { key: "CriticalAddonsOnly", operator: "Exists" },
            { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
          ],
          serviceAccountName: name,
          priorityClassName: "system-cluster-critical",
          containers: [
            {
              name,
              image: `quay.io/calico/kube-controllers:${version}`,
              env: [
                { name: "ENABLED_CONTROLLERS", value: "node,loadbalancer" },
                { name: "DATASTORE_TYPE", value: "kubernetes" },
              ],
              livenessProbe: { ...probe("-l"), initialDelaySeconds: 10, failureThreshold: 6 },
              readinessProbe: probe("-r"),
            },
          ],
        },
      },
    },
  };
}

/** Its PodDisruptionBudget. */
export function kubeControllersBudget(namespace: string, owned: Owned = {}): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace, labels, ...owned },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  };
}
