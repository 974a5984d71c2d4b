import { createHash } from "node:crypto";
import type { KubeObject } from "../../objects.ts";
import { at, text, truthy } from "../values.ts";
import { agentInitContainers } from "./agent-init-containers.ts";
import { agentVolumes } from "./agent-volumes.ts";
import { apiServerEnv, type ChartContext, fromField, httpProbe, image, mount, partOf } from "./chart-context.ts";
import { ciliumConfig } from "./config-map.ts";

/** DaemonSet `cilium`. */
export function agentDaemonSet(context: ChartContext): KubeObject {
  const { chart, values, namespace } = context;
  const labels = { "k8s-app": "cilium", "app.kubernetes.io/name": "cilium-agent", ...partOf(chart) };
  const annotations = {
    ...(chart.line.tunesClient ? { "kubectl.kubernetes.io/default-container": "cilium-agent" } : {}),
    ...(truthy(values, "rollOutCiliumPods") ? { "cilium.io/cilium-configmap-checksum": checksum(context) } : {}),
  };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "cilium", namespace, labels: { ...labels } },
    spec: {
      selector: { matchLabels: { "k8s-app": "cilium" } },
      updateStrategy: at(values, "updateStrategy"),
      template: {
        metadata: { labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
        spec: {
          hostNetwork: true,
          automountServiceAccountToken: true,
          priorityClassName: "system-node-critical",
          restartPolicy: "Always",
          serviceAccountName: "cilium",
          terminationGracePeriodSeconds: 1,
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [{ operator: "Exists" }],
          affinity: at(values, "affinity") ?? {},
          initContainers: agentInitContainers(context),
          containers: [agentContainer(context)],
          volumes: agentVolumes(values),
        },
      },
    },
  };
}

/** Changes with cilium-config, so that a rollout follows where the values ask for one. */
export function checksum({ chart, values }: ChartContext): string {
  return createHash("sha256")
    .update(JSON.stringify(ciliumConfig(chart, values)))
    .digest("hex");
}

const capabilities = [
  "CHOWN",
  "KILL",
  "NET_ADMIN",
  "NET_RAW",
  "IPC_LOCK",
  "SYS_MODULE",
  "SYS_ADMIN",
  "SYS_RESOURCE",
  "DAC_OVERRIDE",
  "FOWNER",
  "SETGID",
  "SETUID",
];

function agentContainer({ chart, values }: ChartContext): object {
  const { tunesClient, namedPorts, startupFailures } = chart.line;
  const port = namedPorts ? "health" : 9879;
  const declared = [
    { name: "health", containerPort: 9879, hostPort: 9879, protocol: "TCP" },
    { name: "peer-service", containerPort: 4244, hostPort: 4244, protocol: "TCP" },
  ];
  return {
    name: "cilium-agent",
    image: image(chart, "agent"),
    imagePullPolicy: "IfNotPresent",
    command: ["cilium-agent"],
    args: ["--config-dir=/tmp/cilium/config-map"],
    env: [
      fromField("K8S_NODE_NAME", "spec.nodeName"),
      fromField("CILIUM_K8S_NAMESPACE", "metadata.namespace"),
      { name: "CILIUM_CLUSTERMESH_CONFIG", value: "/var/lib/cilium/clustermesh/" },
      { name: "GOMEMLIMIT", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1" } } },
      ...(tunesClient
        ? [
            { name: "KUBE_CLIENT_BACKOFF_BASE", value: "1" },
            { name: "KUBE_CLIENT_BACKOFF_DURATION", value: "120" },
          ]
        : []),
      ...apiServerEnv(values),
    ],
    ...(namedPorts
      ? { ports: declared.filter(({ name }) => name === "health" || truthy(values, "hubble.enabled")) }
      : {}),
    startupProbe: httpProbe(port, { failureThreshold: startupFailures, periodSeconds: 2, successThreshold: 1 }),
    livenessProbe: httpProbe(port, { failureThreshold: 10, periodSeconds: 30, successThreshold: 1, timeoutSeconds: 5 }),
    readinessProbe: httpProbe(port, { failureThreshold: 3, periodSeconds: 30, successThreshold: 1, timeoutSeconds: 5 }),
    ...(truthy(values, "cni.install") ? { lifecycle: lifecycle() } : {}),
    securityContext: {
      seLinuxOptions: { level: "s0", type: "spc_t" },
      capabilities: { add: namedPorts ? [...capabilities, "SYSLOG"] : capabilities, drop: ["ALL"] },
    },
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      mount("envoy-sockets", "/var/run/cilium/envoy/sockets"),
      mount("host-proc-sys-net", "/host/proc/sys/net"),
      mount("host-proc-sys-kernel", "/host/proc/sys/kernel"),
      mount("bpf-maps", "/sys/fs/bpf"),
      mount("cilium-run", "/var/run/cilium"),
      mount("cilium-netns", "/var/run/cilium/netns"),
      mount("etc-cni-netd", text(values, "cni.hostConfDirMountPath")),
      mount("clustermesh-secrets", "/var/lib/cilium/clustermesh", true),
      mount("lib-modules", "/lib/modules", true),
      mount("xtables-lock", "/run/xtables.lock"),
      ...(truthy(values, "hubble.enabled") ? [mount("hubble-tls", "/var/lib/cilium/tls/hubble", true)] : []),
      mount("tmp", "/tmp"),
    ],
  };
}

function lifecycle(): object {
  return {
    postStart: { exec: { command: ["bash", "-c", "true"] } },
    preStop: { exec: { command: ["/cni-uninstall.sh"] } },
  };
}
