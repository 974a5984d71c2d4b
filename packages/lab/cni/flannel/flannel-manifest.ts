import type { KubeObject } from "../../objects.ts";
import type { CniSettings } from "../cni-driver.ts";
import { backendSetting } from "./net-conf.ts";

const labels = { tier: "node", "k8s-app": "flannel", app: "flannel" };
const rbac = "rbac.authorization.k8s.io";
const daemonImage = "ghcr.io/flannel-io/flannel:v0.28.9";
const pluginImage = "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3";

const ownNamespace = "kube-flannel";
const usual: Daemon = {
  namespace: ownNamespace,
  name: "kube-flannel-ds",
  architecture: null,
  from: "cni-conf.json",
  to: "10-flannel.conflist",
};

/** One DaemonSet of a manifest. */
interface Daemon {
  readonly namespace: string;
  readonly name: string;
  /** Of the nodes that it is for; null for all. */
  readonly architecture: string | null;
  /** The key of the ConfigMap that its init container copies, and the name of the file that this becomes on a node. */
  readonly from: string;
  readonly to: string;
}

/** The objects of Flannel's own manifest (August 2026), in its order. */
export function flannelManifest(settings: CniSettings): KubeObject[] {
  const labelled = { "k8s-app": "flannel", "pod-security.kubernetes.io/enforce": "privileged" };
  return [
    { kind: "Namespace", apiVersion: "v1", metadata: { name: ownNamespace, labels: labelled } },
    ...access(ownNamespace),
    configMap(settings, ownNamespace),
    daemonSet(usual),
  ];
}

const system = "kube-system";
const forArchitecture = (architecture: string): Daemon => ({
  namespace: system,
  name: `kube-flannel-ds-${architecture}`,
  architecture,
  from: "cni-conf.json",
  to: "12-flannel.conflist",
});

/**
 * Flannel as distributions bring it: in kube-system, a DaemonSet for each architecture, also for those that no node has. Their files have
 * names of their own, on arm64 that of a configuration with one plugin, as Flannel's oldest manifests had it.
 */
export function flannelByArchitecture(settings: CniSettings): KubeObject[] {
  return [
    ...access(system),
    configMap(settings, system),
    daemonSet({ ...forArchitecture("amd64"), name: "kube-flannel" }),
    daemonSet({ ...forArchitecture("arm64"), from: "cni-conf-single.json", to: "10-flannel.conf" }),
    ...["arm", "ppc64le", "s390x"].map((architecture) => daemonSet(forArchitecture(architecture))),
  ];
}

function access(namespace: string): KubeObject[] {
  const named = { labels: { "k8s-app": "flannel" }, name: "flannel" };
  return [
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
      subjects: [{ kind: "ServiceAccount", name: "flannel", namespace }],
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...structuredClone(named), namespace } },
  ];
}

function configMap({ podCidr, backend }: CniSettings, namespace: string): KubeObject {
  const plugin = { type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } };
  const cni = {
    name: "cbr0",
    cniVersion: "0.3.1",
    plugins: [plugin, { type: "portmap", capabilities: { portMappings: true } }],
  };
  const net = { Network: podCidr, EnableNFTables: false, Backend: backendSetting(backend) };
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "kube-flannel-cfg", namespace, labels: { ...labels } },
    data: {
      "cni-conf.json": text(cni),
      ...(namespace === ownNamespace ? {} : { "cni-conf-single.json": text({ name: cni.name, ...plugin }) }),
      "net-conf.json": text(net),
    },
  };
}

function daemonSet({ namespace, name, architecture, from, to }: Daemon): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace, labels: { ...labels } },
    spec: {
      selector: { matchLabels: { app: "flannel", ...only(architecture) } },
      template: {
        metadata: { labels: { tier: "node", app: "flannel", ...only(architecture) } },
        spec: {
          affinity: {
            nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [on(architecture)] } },
          },
          hostNetwork: true,
          priorityClassName: "system-node-critical",
          tolerations: [{ operator: "Exists", effect: "NoSchedule" }],
          serviceAccountName: "flannel",
          initContainers: initContainers(from, to),
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

/** Two DaemonSets of one namespace must not take each other's pods for their own. */
const only = (architecture: string | null) => (architecture === null ? {} : { arch: architecture });

function on(architecture: string | null): object {
  const one = (key: string, value: string) => ({ key, operator: "In", values: [value] });
  const linux = one("kubernetes.io/os", "linux");
  return { matchExpressions: architecture === null ? [linux] : [linux, one("kubernetes.io/arch", architecture)] };
}

function initContainers(from: string, to: string): object[] {
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
      args: [`/etc/kube-flannel/${from}`, `/etc/cni/net.d/${to}`],
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
