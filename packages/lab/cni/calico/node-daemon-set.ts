import type { KubeObject } from "../../objects.ts";
import type { Owned } from "./access.ts";

/** How one of Calico's ways to be installed lays its daemon out. */
export interface DaemonLayout {
  readonly namespace: string;
  /** Of the DaemonSet; its containers are called the same everywhere. */
  readonly name: string;
  readonly label: string;
  /** ConfigMap with the CNI configuration and the backend. */
  readonly configMap: string;
  readonly confName: string;
  /** Environment of calico-node besides what is everywhere. */
  readonly env: readonly object[];
  readonly upgradesIpam: boolean;
  readonly moreContainers?: readonly object[];
  readonly moreVolumes?: readonly object[];
  readonly owned?: Owned;
}

export const version = "v3.31.7";
const cniImage = `quay.io/calico/cni:${version}`;
const nodeImage = `quay.io/calico/node:${version}`;

export const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
export const fromConfig = (name: string, configMap: string, key: string) => ({
  name,
  valueFrom: { configMapKeyRef: { name: configMap, key } },
});

const hostVolumes = {
  "lib-modules": "/lib/modules",
  "var-run-calico": "/var/run/calico",
  "var-lib-calico": "/var/lib/calico",
  "xtables-lock": "/run/xtables.lock",
  "sys-fs": "/sys/fs/",
  bpffs: "/sys/fs/bpf",
  nodeproc: "/proc",
  "cni-bin-dir": "/opt/cni/bin",
  "cni-net-dir": "/etc/cni/net.d",
  "cni-log-dir": "/var/log/calico/cni",
  "host-local-net-dir": "/var/lib/cni/networks",
  policysync: "/var/run/nodeagent",
} as const;

/** The DaemonSet with its init containers. */
export function nodeDaemonSet(layout: DaemonLayout): KubeObject {
  const { namespace, name, label, moreContainers = [], moreVolumes = [], owned } = layout;
  const labels = { "k8s-app": label };
  return {
    kind: "DaemonSet",
    apiVersion: "apps/v1",
    metadata: { name, namespace, labels, ...owned },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          hostNetwork: true,
          tolerations: [
            { effect: "NoSchedule", operator: "Exists" },
            { key: "CriticalAddonsOnly", operator: "Exists" },
            { effect: "NoExecute", operator: "Exists" },
          ],
          serviceAccountName: label,
          terminationGracePeriodSeconds: 0,
          priorityClassName: "system-node-critical",
          initContainers: initContainers(layout),
          containers: [daemon(layout), ...moreContainers],
          volumes: [
            ...Object.entries(hostVolumes).map(([volume, path]) => ({ name: volume, hostPath: { path } })),
            ...moreVolumes,
          ],
        },
      },
    },
  };
}

const nodeName = () => field("KUBERNETES_NODE_NAME", "spec.nodeName");
const privileged = { privileged: true };

function initContainers({ configMap, confName, upgradesIpam }: DaemonLayout): object[] {
  const upgrade = {
    name: "upgrade-ipam",
    image: cniImage,
    command: ["/opt/cni/bin/calico-ipam", "-upgrade"],
    env: [nodeName(), fromConfig("CALICO_NETWORKING_BACKEND", configMap, "calico_backend")],
    volumeMounts: [
      { mountPath: "/var/lib/cni/networks", name: "host-local-net-dir" },
      { mountPath: "/host/opt/cni/bin", name: "cni-bin-dir" },
    ],
    securityContext: privileged,
  };
  const install = {
    name: "install-cni",
    image: cniImage,
    command: ["/opt/cni/bin/install"],
    env: [
      { name: "CNI_CONF_NAME", value: confName },
      fromConfig("CNI_NETWORK_CONFIG", configMap, "cni_network_config"),
      nodeName(),
      fromConfig("CNI_MTU", configMap, "veth_mtu"),
      { name: "SLEEP", value: "false" },
    ],
    volumeMounts: [
      { mountPath: "/host/opt/cni/bin", name: "cni-bin-dir" },
      { mountPath: "/host/etc/cni/net.d", name: "cni-net-dir" },
    ],
    securityContext: privileged,
  };
  const bootstrap = {
    name: "ebpf-bootstrap",
    image: nodeImage,
    command: ["calico-node", "-init", "-best-effort"],
    volumeMounts: [
      { mountPath: "/sys/fs", name: "sys-fs", mountPropagation: "Bidirectional" },
      { mountPath: "/var/run/calico", name: "var-run-calico", mountPropagation: "Bidirectional" },
      { mountPath: "/nodeproc", name: "nodeproc", readOnly: true },
    ],
    securityContext: privileged,
  };
  return upgradesIpam ? [upgrade, install, bootstrap] : [install, bootstrap];
}

function daemon({ env }: DaemonLayout): object {
  const health = (...flags: string[]) => ({ exec: { command: ["/bin/calico-node", ...flags] }, periodSeconds: 10 });
  return {
    name: "calico-node",
    image: nodeImage,
    env: [
      { name: "DATASTORE_TYPE", value: "kubernetes" },
      { name: "WAIT_FOR_DATASTORE", value: "true" },
      field("NODENAME", "spec.nodeName"),
      ...env,
      { name: "CALICO_DISABLE_FILE_LOGGING", value: "true" },
      { name: "FELIX_DEFAULTENDPOINTTOHOSTACTION", value: "ACCEPT" },
      { name: "FELIX_IPV6SUPPORT", value: "false" },
      { name: "FELIX_HEALTHENABLED", value: "true" },
    ],
    securityContext: privileged,
    resources: { requests: { cpu: "250m" } },
    lifecycle: { preStop: { exec: { command: ["/bin/calico-node", "-shutdown"] } } },
    livenessProbe: { ...health("-felix-live"), initialDelaySeconds: 10, failureThreshold: 6, timeoutSeconds: 10 },
    readinessProbe: { ...health("-felix-ready"), timeoutSeconds: 10 },
    volumeMounts: [
      { mountPath: "/host/etc/cni/net.d", name: "cni-net-dir", readOnly: false },
      { mountPath: "/lib/modules", name: "lib-modules", readOnly: true },
      { mountPath: "/run/xtables.lock", name: "xtables-lock", readOnly: false },
      { mountPath: "/var/run/calico", name: "var-run-calico", readOnly: false },
      { mountPath: "/var/lib/calico", name: "var-lib-calico", readOnly: false },
      { mountPath: "/var/run/nodeagent", name: "policysync" },
      { mountPath: "/sys/fs/bpf", name: "bpffs" },
      { mountPath: "/var/log/calico/cni", name: "cni-log-dir", readOnly: true },
    ],
  };
}
