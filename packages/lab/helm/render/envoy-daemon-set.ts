import type { KubeObject } from "../../objects.ts";
import { at } from "../values.ts";
import { apiServerEnv, type ChartContext, fromField, hostPath, httpProbe, mount, partOf } from "./chart-context.ts";

/** DaemonSet `cilium-envoy`. */
export function envoyDaemonSet(context: ChartContext): KubeObject {
  const { chart, values, namespace } = context;
  const labels = {
    "k8s-app": "cilium-envoy",
    name: "cilium-envoy",
    "app.kubernetes.io/name": "cilium-envoy",
    ...partOf(chart),
  };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "cilium-envoy", namespace, labels: { ...labels } },
    spec: {
      selector: { matchLabels: { "k8s-app": "cilium-envoy" } },
      updateStrategy: at(values, "updateStrategy"),
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: "system-node-critical",
          restartPolicy: "Always",
          serviceAccountName: "cilium-envoy",
          terminationGracePeriodSeconds: 1,
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [{ operator: "Exists" }],
          affinity: at(values, "envoy.affinity") ?? {},
          containers: [envoyContainer(context)],
          volumes: [
            hostPath("envoy-sockets", "/var/run/cilium/envoy/sockets", "DirectoryOrCreate"),
            hostPath("envoy-artifacts", "/var/run/cilium/envoy/artifacts", "DirectoryOrCreate"),
            {
              name: "envoy-config",
              configMap: {
                name: "cilium-envoy-config",
                items: [{ key: "bootstrap-config.json", path: "bootstrap-config.json" }],
              },
            },
            hostPath("bpf-maps", "/sys/fs/bpf", "DirectoryOrCreate"),
          ],
        },
      },
    },
  };
}

function envoyContainer({ chart, values }: ChartContext): object {
  const probe = (rest: object) => httpProbe(9878, { successThreshold: 1, ...rest });
  return {
    name: "cilium-envoy",
    image: chart.line.envoyImage,
    imagePullPolicy: "IfNotPresent",
    command: ["/usr/bin/cilium-envoy-starter"],
    args: ["--", "-c /var/run/cilium/envoy/bootstrap-config.json", "--base-id 0"],
    env: [
      fromField("K8S_NODE_NAME", "spec.nodeName"),
      fromField("CILIUM_K8S_NAMESPACE", "metadata.namespace"),
      ...apiServerEnv(values),
    ],
    ports: [{ name: "envoy-metrics", containerPort: 9964, hostPort: 9964, protocol: "TCP" }],
    startupProbe: probe({ failureThreshold: 105, periodSeconds: 2 }),
    livenessProbe: probe({ failureThreshold: 10, periodSeconds: 30, timeoutSeconds: 5 }),
    readinessProbe: probe({ failureThreshold: 3, periodSeconds: 30, timeoutSeconds: 5 }),
    securityContext: { capabilities: { add: ["NET_ADMIN", "SYS_ADMIN"], drop: ["ALL"] } },
    volumeMounts: [
      mount("envoy-sockets", "/var/run/cilium/envoy/sockets"),
      mount("envoy-artifacts", "/var/run/cilium/envoy/artifacts", true),
      mount("envoy-config", "/var/run/cilium/envoy/", true),
      mount("bpf-maps", "/sys/fs/bpf"),
    ],
  };
}
