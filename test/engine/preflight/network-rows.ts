import { aService } from "../../support/a-service.ts";
import { aFlannelCluster, aPod, aWorkload } from "../../support/facts.ts";
import { aPolicy } from "../../support/policies.ts";
import { backend, daemon, flannelChanged, healthy, type Row, withPod } from "./judging.ts";

/** A node that was moved by hand, with a pod on it. */
const onCilium = () =>
  withPod({ ips: ["10.245.1.9"] })
    .withCilium()
    .with({
      ciliumNodes: [
        { name: "worker-1", podCidrs: ["10.245.1.0/24"], ciliumInternalIps: [], healthIp: null, error: "" },
      ],
    });

const cniFolder = { path: "/etc/cni/net.d", writable: false };

const withServices = (...services: readonly ReturnType<typeof aService>[]) => healthy().with({ services });
const inside = (namespace: string, name: string) => aService(namespace, name, { internalTrafficPolicy: "Local" });
const headless = (over: object) => aService("shop", "db", { clusterIp: "None", ...over });
const kubeProxyRange = (cidr: string) =>
  healthy().withConfigMap("kube-system/kube-proxy", { "config.conf": `clusterCIDR: ${cidr}\nmode: iptables\n` });

const withHostEndpoint = () =>
  healthy().with({
    sourceObjects: {
      "hostendpoints.crd.projectcalico.org": [
        aPolicy(null, "worker-1-eth0", { node: "worker-1", interfaceName: "eth0" }),
      ],
    },
  });

export const networkRows: Row[] = [
  ["api-connection", "ok", "TLS, verified", healthy],
  ["api-connection", "warning", "TLS, unverified", () => healthy().with({ tls: "unverified" })],
  ["api-connection", "warning", "no TLS", () => healthy().with({ tls: "none" })],
  ["own-namespace", "ok", "there is none yet", healthy],
  ["own-namespace", "ok", "it bears our mark", () => healthy().with({ ownNamespace: "ours" })],
  ["own-namespace", "warning", "others made it", () => healthy().with({ ownNamespace: "others" })],
  ["own-namespace", "warning", "it could not be asked for", () => healthy().with({ ownNamespace: "unknown" })],
  ["source-namespace", "ok", "nothing of others is in it", healthy],
  [
    "source-namespace",
    "warning",
    "a kind in it could not be listed",
    () => healthy().with({ namespaceContents: { "kube-flannel": { objects: [], unknown: ["Widget (403)"] } } }),
  ],
  ["cni-paths", "ok", "nobody else looks there", healthy],
  ["cni-paths", "ok", "the whole disk", () => withPod({ hostPaths: [{ path: "/", writable: false }] })],
  ["cni-paths", "warning", "the folder of configurations", () => withPod({ hostPaths: [cniFolder] })],
  ["source-supported", "ok", "VXLAN", healthy],
  ["source-supported", "ok", "host-gw", () => backend({ Type: "host-gw" })],
  ["source-supported", "warning", "WireGuard", () => backend({ Type: "wireguard" })],
  ["source-supported", "warning", "IPIP", () => backend({ Type: "ipip" })],
  ["source-supported", "blocker", "two families", () => backend({ Type: "vxlan" }, { IPv6Network: "fd00::/56" })],
  ["source-healthy", "ok", "all pods are Ready", healthy],
  ["source-healthy", "blocker", "one pod is not", () => flannelChanged({ ready: 2 })],
  ["cidr-disjoint", "ok", "the chosen range is apart", healthy],
  ["cidr-disjoint", "blocker", "it overlaps Flannel's", healthy, { podCidr: "10.244.128.0/17" }],
  ["cidr-disjoint", "blocker", "it overlaps services", healthy, { podCidr: "10.96.0.0/12" }],
  ["cidr-disjoint", "blocker", "it holds a node", healthy, { podCidr: "192.168.0.0/16" }],
  [
    "cidr-disjoint",
    "blocker",
    "it holds a pod of an odd range",
    () => withPod({ ips: ["10.50.0.9"] }),
    { podCidr: "10.50.0.0/16" },
  ],
  [
    "cidr-disjoint",
    "blocker",
    "it overlaps a range that was named",
    healthy,
    { podCidr: "10.60.0.0/16", extraCidrs: ["10.60.4.0/24"] },
  ],
  ["cidr-disjoint", "ok", "pods that are on Cilium already are in its pool", onCilium],
  ["cidr-disjoint", "warning", "it overlaps Docker's bridge", healthy, { podCidr: "172.17.0.0/16" }],
  ["pool-capacity", "ok", "there is room", healthy],
  ["pool-capacity", "blocker", "it has fewer pieces than nodes", healthy, { podCidr: "10.50.0.0/23", maskSize: 24 }],
  ["pool-capacity", "warning", "it has just enough", healthy, { podCidr: "10.50.0.0/22", maskSize: 24 }],
  ["pool-capacity", "blocker", "a piece is too small for a node", healthy, { podCidr: "10.50.0.0/16", maskSize: 26 }],
  ["pool-capacity", "blocker", "a piece is wider than the pool", healthy, { podCidr: "10.50.0.0/24", maskSize: 20 }],
  [
    "pool-capacity",
    "ok",
    "nodes with many pods get wider pieces",
    () => aFlannelCluster().changeNodes({ allocatablePods: 500 }),
  ],
  ["tunnel-clash", "ok", "the port is apart", healthy],
  ["tunnel-clash", "blocker", "the port is Flannel's", healthy, { tunnelPort: 8472 }],
  [
    "tunnel-clash",
    "blocker",
    "the port is Flannel's, with another protocol",
    healthy,
    { tunnelPort: 8472, tunnelProtocol: "geneve" },
  ],
  ["tunnel-clash", "warning", "the port is WireGuard's", healthy, { tunnelPort: 51_820 }],
  ["mtu", "ok", "VXLAN for VXLAN", healthy],
  ["mtu", "warning", "host-gw loses the overlay's bytes", () => backend({ Type: "host-gw" })],
  ["mtu", "ok", "Flannel's MTU was set by hand", () => backend({ Type: "vxlan", MTU: 1350 })],
  ["mtu", "ok", "the user's file sets it", () => backend({ Type: "vxlan", MTU: 1350 }), { userValues: { MTU: 1400 } }],
  ["cilium-host-ports", "ok", "nobody has the ports", () => withPod({ hostPorts: [443] })],
  ["cilium-host-ports", "blocker", "a pod has the health port", () => withPod({ hostPorts: [4240] })],
  ["cilium-host-ports", "blocker", "a pod has the overlay's port", () => withPod({ hostPorts: [8473] })],
  [
    "cilium-host-ports",
    "ok",
    "Cilium itself has them",
    () => withPod({ hostPorts: [9879], labels: { "k8s-app": "cilium" } }),
  ],
  ["cilium-host-ports", "ok", "a finished pod had one", () => withPod({ hostPorts: [9879], phase: "Succeeded" })],
  ["meta-cni", "ok", "no meta plugin", healthy],
  ["meta-cni", "blocker", "Multus", () => daemon("kube-multus-ds")],
  ["meta-cni", "blocker", "Istio's CNI plugin", () => daemon("istio-cni-node")],
  ["kube-proxy", "ok", "iptables mode by default", healthy],
  [
    "kube-proxy",
    "warning",
    "ipvs mode",
    () => healthy().withConfigMap("kube-system/kube-proxy", { "config.conf": "mode: ipvs\n" }),
  ],
  [
    "kube-proxy",
    "warning",
    "nftables mode",
    () => healthy().withConfigMap("kube-system/kube-proxy", { "config.conf": 'mode: "nftables"' }),
  ],
  ["kube-proxy", "blocker", "there is none", () => healthy().withoutWorkload("kube-proxy")],
  [
    "kube-proxy",
    "ok",
    "it is a static pod",
    () =>
      healthy()
        .withoutWorkload("kube-proxy")
        .withPods(aPod("kube-system", "kube-proxy-n1", { mirror: true, hostNetwork: true })),
  ],
  [
    "kube-proxy",
    "warning",
    "RKE2 has it inside",
    () => healthy().withoutWorkload("kube-proxy").changeNodes({ kubeletVersion: "v1.33.1+rke2r1" }),
  ],
  ["kube-proxy", "ok", "its clusterCIDR is the old range", () => kubeProxyRange("10.244.0.0/16")],
  ["kube-proxy", "ok", "its clusterCIDR covers the new range too", () => kubeProxyRange("10.244.0.0/15")],
  ["services-external-local", "ok", "none", () => withServices(aService("shop", "web"))],
  [
    "services-external-local",
    "warning",
    "one",
    () => withServices(aService("shop", "web", { type: "NodePort", externalTrafficPolicy: "Local" })),
  ],
  ["services-internal-local", "ok", "Cilium's own", () => withServices(inside("kube-system", "hubble-peer"))],
  ["services-internal-local", "warning", "one of the users'", () => withServices(inside("shop", "agent"))],
  ["client-addresses", "ok", "a headless Service without pods", () => withServices(headless({ selects: false }))],
  ["client-addresses", "warning", "a headless Service", () => withServices(headless({}))],
  ["host-policies", "ok", "there is no policy of a host", healthy],
  ["host-policies", "blocker", "a host endpoint without a policy", withHostEndpoint, {}, { enforcesPolicies: true }],
  ["host-policies", "ok", "a host endpoint that was left, and nothing enforces it", withHostEndpoint],
  ["node-local-dns", "ok", "not there", healthy],
  ["node-local-dns", "warning", "it runs", () => daemon("node-local-dns")],
  [
    "node-local-dns",
    "warning",
    "it runs under another name, beside policies",
    () =>
      aFlannelCluster()
        .withWorkloads(aWorkload("DaemonSet", "kube-system", "nodelocaldns", {}))
        .with({ policies: { "networkpolicies.networking.k8s.io": 2 } }),
  ],
];
