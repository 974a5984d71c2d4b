import type { KubeObject } from "../../objects.ts";
import type { CniSettings } from "../cni-driver.ts";
import { accounts, clusterRole, type Owned, serviceAccount } from "./access.ts";
import { operatorDefinitions } from "./definitions.ts";
import { kubeControllersBudget, kubeControllersDeployment } from "./kube-controllers-objects.ts";
import { cniConfig } from "./manifest.ts";
import { fromConfig, nodeDaemonSet } from "./node-daemon-set.ts";

/** Where the operator is, and where it puts Calico. */
const operatorNamespace = "tigera-operator";
export const systemNamespace = "calico-system";

const configMap = "cni-config";
const operatorGroup = "operator.tigera.io";

/** What an Installation says, as far as the lab's operator reads it. */
export interface Installation extends KubeObject {
  spec: {
    calicoNetwork?: {
      ipPools?: { name?: string; cidr: string; encapsulation?: string; blockSize?: number; natOutgoing?: string }[];
      nodeAddressAutodetectionV4?: Autodetection;
      [field: string]: unknown;
    };
    [field: string]: unknown;
  };
  status?: Record<string, unknown>;
}

/** Ways to find a node's address, of which one is set. */
export interface Autodetection {
  firstFound?: boolean | null;
  kubernetes?: string | null;
  interface?: string | null;
  skipInterface?: string | null;
  canReach?: string | null;
  cidrs?: string[] | null;
}

const encapsulations: Readonly<Record<string, string>> = {
  vxlan: "VXLAN",
  "vxlan-crosssubnet": "VXLANCrossSubnet",
  ipip: "IPIP",
  "ipip-crosssubnet": "IPIPCrossSubnet",
};

/** The operator by its own manifest (1.40, of Calico 3.31), and the two objects by which it is told to install. */
export function operatorManifest(settings: CniSettings): KubeObject[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: operatorNamespace, labels: { ...podLabels } } },
    ...operatorDefinitions(),
    serviceAccount(operatorNamespace, operatorNamespace),
    ...clusterRole(operatorNamespace, operatorNamespace),
    deployment(),
    installation(settings),
    { apiVersion: `${operatorGroup}/v1`, kind: "APIServer", metadata: { name: "default" }, spec: {} },
  ];
}

const podLabels = { name: operatorNamespace, "k8s-app": operatorNamespace };

function deployment(): KubeObject {
  return {
    kind: "Deployment",
    apiVersion: "apps/v1",
    metadata: { name: operatorNamespace, namespace: operatorNamespace, labels: { "k8s-app": operatorNamespace } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { name: operatorNamespace } },
      template: { metadata: { labels: { ...podLabels } }, spec: podSpec() },
    },
  };
}

function podSpec(): object {
  return {
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [
      { effect: "NoExecute", operator: "Exists" },
      { effect: "NoSchedule", operator: "Exists" },
    ],
    serviceAccountName: operatorNamespace,
    terminationGracePeriodSeconds: 60,
    hostNetwork: true,
    dnsPolicy: "ClusterFirstWithHostNet",
    containers: [
      {
        name: operatorNamespace,
        image: "quay.io/tigera/operator:v1.40.15",
        command: ["operator"],
        args: ["-manage-crds=true"],
        env: [
          { name: "WATCH_NAMESPACE", value: "" },
          { name: "OPERATOR_NAME", value: operatorNamespace },
        ],
      },
    ],
  };
}

function installation({ podCidr, backend }: CniSettings): KubeObject {
  const pool = {
    name: "default-ipv4-ippool",
    blockSize: 26,
    cidr: podCidr,
    encapsulation: encapsulations[backend] ?? "VXLAN",
    natOutgoing: "Enabled",
    nodeSelector: "all()",
  };
  const head = { apiVersion: `${operatorGroup}/v1`, kind: "Installation", metadata: { name: "default" } };
  return { ...head, spec: { calicoNetwork: { ipPools: [pool] } } };
}

/** All that the Installation comes down to, in the order in which it is made. */
export function installed(installation: Installation): KubeObject[] {
  const owned = ownedBy(installation);
  const protectedBy: Owned = { ...owned, finalizers: ["tigera.io/cni-protector"] };
  const rights = accounts.flatMap((name) => {
    const own = name === "calico-kube-controllers" ? owned : protectedBy;
    return [serviceAccount(systemNamespace, name, own), ...clusterRole(name, systemNamespace, own)];
  });
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: systemNamespace,
        labels: { name: systemNamespace, "pod-security.kubernetes.io/enforce": "privileged" },
        ...owned,
      },
    },
    ...rights,
    {
      kind: "ConfigMap",
      apiVersion: "v1",
      metadata: { name: configMap, namespace: systemNamespace, ...owned },
      data: {
        calico_backend: usesBgp(installation) ? "bird" : "vxlan",
        veth_mtu: "0",
        cni_network_config: cniConfig({ type: "calico-ipam" }),
      },
    },
    nodeDaemonSet({
      namespace: systemNamespace,
      name: "calico-node",
      label: "calico-node",
      configMap,
      confName: "10-calico.conflist",
      upgradesIpam: false,
      env: environmentOf(installation),
      owned,
    }),
    kubeControllersDeployment(systemNamespace, owned),
    kubeControllersBudget(systemNamespace, owned),
  ];
}

function ownedBy({ apiVersion, metadata }: Installation): Owned {
  const { name, uid = "" } = metadata;
  const owner = { apiVersion, kind: "Installation", name, uid, controller: true, blockOwnerDeletion: true };
  return { ownerReferences: [owner] };
}

/** Without a choice of its own BGP is on where a pool is not VXLAN's. */
export function usesBgp({ spec }: Installation): boolean {
  const pools = spec.calicoNetwork?.ipPools ?? [];
  return pools.some(({ encapsulation = "IPIP" }) => !encapsulation.startsWith("VXLAN"));
}

function environmentOf(installation: Installation): object[] {
  return [
    fromConfig("CALICO_NETWORKING_BACKEND", configMap, "calico_backend"),
    { name: "CLUSTER_TYPE", value: "k8s,operator" },
    { name: "IP", value: "autodetect" },
    { name: "IP_AUTODETECTION_METHOD", value: methodOf(installation.spec.calicoNetwork?.nodeAddressAutodetectionV4) },
    { name: "NO_DEFAULT_POOLS", value: "true" },
  ];
}

function methodOf(wanted: Autodetection | undefined): string {
  const { kubernetes, skipInterface, canReach, cidrs } = wanted ?? {};
  if (kubernetes) return "kubernetes-internal-ip";
  if (wanted?.interface) return `interface=${wanted.interface}`;
  if (skipInterface) return `skip-interface=${skipInterface}`;
  if (canReach) return `can-reach=${canReach}`;
  return cidrs?.length ? `cidr=${cidrs.join(",")}` : "first-found";
}
