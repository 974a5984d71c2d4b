import type { KubeObject } from "../../objects.ts";
import type { CniSettings } from "../cni-driver.ts";
import { accounts, clusterRole, serviceAccount } from "./access.ts";
import { calicoDefinitions } from "./definitions.ts";
import { kubeControllersBudget, kubeControllersDeployment } from "./kube-controllers-objects.ts";
import { fromConfig, nodeDaemonSet } from "./node-daemon-set.ts";

const namespace = "kube-system";
const configMap = "calico-config";

/** Encapsulation by the lab's name for it, as the pool's modes say it. */
const modesOf: Readonly<Record<string, { readonly vxlan: string; readonly ipip: string; readonly backend: string }>> = {
  vxlan: { vxlan: "Always", ipip: "Never", backend: "vxlan" },
  "vxlan-crosssubnet": { vxlan: "CrossSubnet", ipip: "Never", backend: "vxlan" },
  ipip: { vxlan: "Never", ipip: "Always", backend: "bird" },
  "ipip-crosssubnet": { vxlan: "Never", ipip: "CrossSubnet", backend: "bird" },
};

/** Calico by its own manifest (3.31), in its order; its long schemas and comments are left out. */
export function calicoManifest({ podCidr, backend }: CniSettings): KubeObject[] {
  const modes = modesOf[backend] ?? { vxlan: "Always", ipip: "Never", backend: "vxlan" };
  return [
    kubeControllersBudget(namespace),
    ...accounts.map((name) => serviceAccount(namespace, name)),
    {
      kind: "ConfigMap",
      apiVersion: "v1",
      metadata: { name: configMap, namespace },
      data: {
        typha_service_name: "none",
        calico_backend: modes.backend,
        veth_mtu: "0",
        cni_network_config: cniConfig({ type: "calico-ipam" }),
      },
    },
    ...calicoDefinitions(),
    ...[...accounts, "calico-tier-getter"].flatMap((name) => clusterRole(name, namespace)),
    nodeDaemonSet({
      namespace,
      name: "calico-node",
      label: "calico-node",
      configMap,
      confName: "10-calico.conflist",
      upgradesIpam: true,
      env: [
        fromConfig("CALICO_NETWORKING_BACKEND", configMap, "calico_backend"),
        { name: "CLUSTER_TYPE", value: "k8s,bgp" },
        { name: "IP", value: "autodetect" },
        { name: "CALICO_IPV4POOL_IPIP", value: modes.ipip },
        { name: "CALICO_IPV4POOL_VXLAN", value: modes.vxlan },
        { name: "CALICO_IPV6POOL_VXLAN", value: "Never" },
        { name: "CALICO_IPV4POOL_CIDR", value: podCidr },
        fromConfig("FELIX_IPINIPMTU", configMap, "veth_mtu"),
        fromConfig("FELIX_VXLANMTU", configMap, "veth_mtu"),
        fromConfig("FELIX_WIREGUARDMTU", configMap, "veth_mtu"),
      ],
    }),
    kubeControllersDeployment(namespace),
  ];
}

/** The template that install-cni fills in. */
export function cniConfig(ipam: object): string {
  const first = {
    type: "calico",
    log_level: "info",
    log_file_path: "/var/log/calico/cni/cni.log",
    datastore_type: "kubernetes",
    nodename: "__KUBERNETES_NODE_NAME__",
    mtu: "__CNI_MTU__",
    ipam,
    policy: { type: "k8s" },
    kubernetes: { kubeconfig: "__KUBECONFIG_FILEPATH__" },
  };
  const plugins = [first, { type: "portmap", snat: true, capabilities: { portMappings: true } }];
  const conf = JSON.stringify({ name: "k8s-pod-network", cniVersion: "1.0.0", plugins }, null, 2);
  return conf.replace('"__CNI_MTU__"', "__CNI_MTU__");
}
