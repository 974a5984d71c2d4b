import type { KubeObject } from "../../objects.ts";
import type { CniSettings } from "../cni-driver.ts";

const labels = { tier: "node", "k8s-app": "flannel", app: "flannel" };
const rbac = "rbac.authorization.k8s.io";
const daemonImage = "ghcr.io/flannel-io/flannel:v0.28.9";
const pluginImage = "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3";

/** The objects of Flannel's own manifest (August 2026), in its order. */
export function flannelManifest(settings: CniSettings): KubeObject[] {
  const named = { labels: { "k8s-app": "flannel" }, name: "flannel" };
  return [
    {
      kind: "Namespace",
      apiVersion: "v1",
      metadata: {
        name: "kube-flannel",
        labels: { "k8s-app": "flannel", "pod-security.kubernetes.io/enforce": "privileged" },
      },
    },
    {
      kind: "ClusterRole",
      apiVersion: `${rbac}/v1`,
      metadata: structuredClone(named),
      rules: [
        { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
        { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
        { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
      ],
    },
    {
      kind: "ClusterRoleBinding",
      apiVersion: `${rbac}/v1`,
      metadata: structuredClone(named),
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "flannel" },
      subjects: [{ kind: "ServiceAccount", name: "flannel", namespace: "kube-flannel" }],
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...structuredClone(named), namespace: "kube-flannel" } },
    configMap(settings),
    daemonSet(),
  ];
}

function configMap({ podCidr, backend }: CniSettings): KubeObject {
  const cni = {
    name: "cbr0",
    cniVersion: "0.3.1",
    plugins: [
      { type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
  const net = { Network: podCidr, EnableNFTables: false, Backend: { Type: backend } };
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "kube-flannel-cfg", namespace: "kube-flannel", labels: { ...labels } },
    data: { "cni-conf.json": text(cni), "net-conf.json": text(net) },
  };
}

function daemonSet(): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-flannel-ds", namespace: "kube-flannel", labels: { ...labels } },
    spec: {
      selector: { matchLabels: { app: "flannel" } },
      template: {
        metadata: { labels: { tier: "node", app: "flannel" } },
        spec: {
          affinity: {
            nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [onLinux()] } },
          },
          hostNetwork: true,
          priorityClassName: "system-node-critical",
          tolerations: [{ operator: "Exists", effect: "NoSchedule" }],
          serviceAccountName: "flannel",
          initContainers: initContainers(),
          containers: [daemon()],
          volumes: [
            { name: "run", hostPath: { path: "/run/flannel" } },
            { name: "cni-plugin", hostPath: { path: "/opt/cni/bin" } },
            { name: "cni", hostPath: { path: "/etc/cni/net.d" } },
            { name: "flannel-cfg", configMap: { name: "kube-flannel-cfg" } },
            { name: "xtables-lock", hostPath: { path: "/run/xtables.lock", type: "FileOrCreate" } },
          ],
        },
      },
    },
  };
}

function onLinux(): object {
  return { matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }] };
}

function initContainers(): object[] {
  return [
    {
      name: "install-cni-plugin",
      image: pluginImage,
      command: ["cp"],
      args: ["-f", "/flannel", "/opt/cni/bin/flannel"],
      volumeMounts: [{ name: "cni-plugin", mountPath: "/opt/cni/bin" }],
    },
    {
      name: "install-cni",
      image: daemonImage,
      command: ["/opt/bin/install-conf"],
      args: ["/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"],
      volumeMounts: [
        { name: "cni", mountPath: "/etc/cni/net.d" },
        { name: "flannel-cfg", mountPath: "/etc/kube-flannel/" },
      ],
    },
  ];
}

function daemon(): object {
  const probe = (path: string, initialDelaySeconds: number, periodSeconds: number) => ({
    httpGet: { path, port: "healthz" },
    initialDelaySeconds,
    periodSeconds,
  });
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return {
    name: "kube-flannel",
    image: daemonImage,
    command: ["/opt/bin/flanneld"],
    args: ["--ip-masq", "--kube-subnet-mgr", "--healthz-port=8081"],
    ports: [{ name: "healthz", containerPort: 8081, protocol: "TCP" }],
    livenessProbe: probe("/healthz", 10, 30),
    readinessProbe: probe("/readyz", 5, 10),
    resources: { requests: { cpu: "100m", memory: "50Mi" } },
    securityContext: { privileged: false, capabilities: { add: ["NET_ADMIN", "NET_RAW"] } },
    env: [
      field("POD_NAME", "metadata.name"),
      field("POD_NAMESPACE", "metadata.namespace"),
      { name: "EVENT_QUEUE_DEPTH", value: "5000" },
      { name: "CONT_WHEN_CACHE_NOT_READY", value: "false" },
    ],
    volumeMounts: [
      { name: "run", mountPath: "/run/flannel" },
      { name: "flannel-cfg", mountPath: "/etc/kube-flannel/" },
      { name: "xtables-lock", mountPath: "/run/xtables.lock" },
    ],
  };
}
