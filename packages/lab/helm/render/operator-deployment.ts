import type { KubeObject } from "../../objects.ts";
import { at, truthy } from "../values.ts";
import { checksum } from "./agent-daemon-set.ts";
import { apiServerEnv, type ChartContext, fromConfig, fromField, httpProbe, image, partOf } from "./chart-context.ts";

/** Deployment `cilium-operator`. Two replicas never share a node. */
export function operatorDeployment(context: ChartContext): KubeObject {
  const { chart, values, namespace } = context;
  const labels = {
    "io.cilium/app": "operator",
    name: "cilium-operator",
    "app.kubernetes.io/name": "cilium-operator",
    ...partOf(chart),
  };
  const annotations = {
    "prometheus.io/port": "9963",
    "prometheus.io/scrape": "true",
    ...(truthy(values, "operator.rollOutPods") ? { "cilium.io/cilium-configmap-checksum": checksum(context) } : {}),
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "cilium-operator", namespace, labels: { ...labels } },
    spec: {
      replicas: at(values, "operator.replicas"),
      selector: { matchLabels: { "io.cilium/app": "operator", name: "cilium-operator" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "50%" } },
      template: {
        metadata: { labels, annotations },
        spec: {
          hostNetwork: true,
          automountServiceAccountToken: true,
          priorityClassName: "system-cluster-critical",
          restartPolicy: "Always",
          serviceAccountName: "cilium-operator",
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {
                  labelSelector: { matchLabels: { "io.cilium/app": "operator" } },
                  topologyKey: "kubernetes.io/hostname",
                },
              ],
            },
            ...(at(values, "operator.affinity") as object | undefined),
          },
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: tolerations(context),
          containers: [operatorContainer(context)],
          volumes: [{ name: "cilium-config-path", configMap: { name: "cilium-config" } }],
        },
      },
    },
  };
}

/** Until 1.17 everything; since then only what a young control plane has. */
function tolerations({ chart, values }: ChartContext): readonly object[] {
  if (chart.line.operatorToleratesAll) return [{ operator: "Exists" }];
  return [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
    "node.kubernetes.io/not-ready",
    "node.cloudprovider.kubernetes.io/uninitialized",
    String(values.agentNotReadyTaintKey),
  ].map((key) => ({ key, operator: "Exists" }));
}

function operatorContainer({ chart, values }: ChartContext): object {
  const { namedPorts } = chart.line;
  const port = namedPorts ? "health" : 9234;
  const probe = (rest: object) => {
    const { httpGet } = httpProbe(9234, {}) as { httpGet: object };
    return { httpGet: { ...httpGet, port }, ...rest };
  };
  return {
    name: "cilium-operator",
    image: image(chart, "operator"),
    imagePullPolicy: "IfNotPresent",
    command: ["cilium-operator-generic"],
    args: ["--config-dir=/tmp/cilium/config-map", "--debug=$(CILIUM_DEBUG)"],
    env: [
      fromField("K8S_NODE_NAME", "spec.nodeName"),
      fromField("CILIUM_K8S_NAMESPACE", "metadata.namespace"),
      fromConfig("CILIUM_DEBUG", "debug"),
      ...apiServerEnv(values),
    ],
    ports: [
      ...(namedPorts ? [{ name: "health", containerPort: 9234, hostPort: 9234, protocol: "TCP" }] : []),
      { name: "prometheus", containerPort: 9963, hostPort: 9963, protocol: "TCP" },
    ],
    livenessProbe: probe({ initialDelaySeconds: 60, periodSeconds: 10, timeoutSeconds: 3 }),
    readinessProbe: probe({ initialDelaySeconds: 0, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 5 }),
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [{ name: "cilium-config-path", mountPath: "/tmp/cilium/config-map", readOnly: true }],
  };
}
