import type { KubeObject } from "../../objects.ts";
import type { CniSettings } from "../cni-driver.ts";
import { clusterRole, roleBinding, serviceAccount } from "./access.ts";
import { calicoDefinitions } from "./definitions.ts";
import { kubeControllersBudget, kubeControllersDeployment } from "./kube-controllers-objects.ts";
import { cniConfig } from "./manifest.ts";
import { field, fromConfig, nodeDaemonSet } from "./node-daemon-set.ts";

const namespace = "kube-system";
const configMap = "canal-config";

/** Canal by its own manifest (3.31): Flannel carries packets, Calico keeps policies. */
export function canalManifest({ podCidr, backend }: CniSettings): KubeObject[] {
  const net = { Network: podCidr, Backend: { Type: backend } };
  return [
    kubeControllersBudget(namespace),
    ...["calico-kube-controllers", "canal", "calico-cni-plugin"].map((name) => serviceAccount(namespace, name)),
    {
      kind: "ConfigMap",
      apiVersion: "v1",
      metadata: { name: configMap, namespace },
      data: {
        typha_service_name: "none",
        canal_iface: "",
        masquerade: "true",
        veth_mtu: "0",
        cni_network_config: cniConfig({ type: "host-local", subnet: "usePodCidr" }),
        "net-conf.json": `${JSON.stringify(net, null, 2)}\n`,
      },
    },
    ...calicoDefinitions(),
    ...["calico-kube-controllers", "calico-cni-plugin"].flatMap((name) => clusterRole(name, namespace)),
    ...clusterRole("calico-node", namespace).slice(0, 1),
    ...clusterRole("flannel", namespace).slice(0, 1),
    roleBinding("canal-flannel", "flannel", { name: "canal", namespace }),
    roleBinding("canal-calico", "calico-node", { name: "canal", namespace }),
    nodeDaemonSet({
      namespace,
      name: "canal",
      label: "canal",
      configMap,
      confName: "10-canal.conflist",
      upgradesIpam: false,
      env: [
        { name: "USE_POD_CIDR", value: "true" },
        { name: "CALICO_NETWORKING_BACKEND", value: "none" },
        { name: "CLUSTER_TYPE", value: "k8s,canal" },
        { name: "FELIX_IPTABLESREFRESHINTERVAL", value: "60" },
        { name: "IP", value: "" },
      ],
      moreContainers: [flannelContainer()],
      moreVolumes: [{ name: "flannel-cfg", configMap: { name: configMap } }],
    }),
    kubeControllersDeployment(namespace),
  ];
}

function flannelContainer(): object {
  return {
    name: "kube-flannel",
    image: "docker.io/flannel/flannel:v0.24.4",
    command: ["/opt/bin/flanneld", "--ip-masq", "--kube-subnet-mgr"],
    securityContext: { privileged: true },
    env: [
      field("POD_NAME", "metadata.name"),
      field("POD_NAMESPACE", "metadata.namespace"),
      fromConfig("FLANNELD_IFACE", configMap, "canal_iface"),
      fromConfig("FLANNELD_IP_MASQ", configMap, "masquerade"),
    ],
    volumeMounts: [
      { mountPath: "/run/xtables.lock", name: "xtables-lock", readOnly: false },
      { mountPath: "/etc/kube-flannel/", name: "flannel-cfg" },
    ],
  };
}
