import type { hybridFindings } from "../../engine/model/reasons/findings/hybrid-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type ChecksInWords, either, found, listed } from "./found.ts";

/** Checks of what two networks at once change for Services and addresses: names, and what each finds. */
export const hybridWords: ChecksInWords<typeof hybridFindings> = {
  "client-addresses": {
    title: "Pods that know each other by address",
    ok: "No Service is headless, so no pods are known to speak to each other by pod address",
    finds: {
      "headless-services-found": (services) =>
        found(
          `${counted(services.count, "headless Service")}, whose pods speak to each other by pod IP: until the end, a pod on one network may see the IP of a node for a peer on the other, and every pod gets a new IP: ${listed(services)}`,
          "check software that knows its peers by IP (gossip, cluster buses, allow-lists), and move a node with one of its pods first",
        ),
    },
  },
  "kube-proxy": {
    title: "kube-proxy is running",
    ok: "kube-proxy runs in iptables mode",
    finds: {
      "kube-proxy-cluster-cidr": ({ cidr, podCidr }) =>
        found(
          `kube-proxy runs in iptables mode; its clusterCIDR stays ${cidr}, so it masquerades what it forwards for pods of ${podCidr} (! -s ${cidr} ... KUBE-MARK-MASQ): their NodePort traffic arrives with the IP of a node. Their traffic to ClusterIPs does not, because Cilium translates it first; set clusterCIDR to ${podCidr} in ConfigMap kube-system/kube-proxy and restart its DaemonSet once all nodes are on Cilium`,
        ),
      "kube-proxy-built-in": () =>
        found(
          "No kube-proxy object was found; this distribution runs it inside its own process",
          "make sure that its configuration does not disable it",
        ),
      "kube-proxy-missing": () =>
        found(
          "kube-proxy does not run: Cilium would have to replace it at once, which has cut off load balancers while two overlays run",
          "install kube-proxy first (kubeadm init phase addon kube-proxy); let Cilium replace it after the migration",
        ),
      "kube-proxy-ipvs": () =>
        found(
          "kube-proxy runs in ipvs mode, in which pods have had trouble reaching NodePorts beside Cilium",
          "test NodePorts on the first node; changing the mode interrupts Services, so do that outside the migration",
        ),
      "kube-proxy-mode-untested": ({ mode }) =>
        found(
          `kube-proxy runs in ${mode} mode, which is untested beside two overlays`,
          "test NodePorts on the first node; changing the mode interrupts Services, so do that outside the migration",
        ),
    },
  },
  "node-local-dns": {
    title: "NodeLocal DNSCache",
    ok: "NodeLocal DNSCache is not installed",
    finds: {
      "node-local-dns-runs": ({ workloads }) =>
        found(
          `${workloads.join(", ")} answers DNS on an IP of each node, which works on both networks while kube-proxy runs`,
          "before you let Cilium replace kube-proxy, give it a CiliumLocalRedirectPolicy: queries to the IP of kube-dns no longer pass its iptables rules then",
        ),
      "node-local-dns-guarded": ({ workloads, policies: count }) =>
        found(
          `${workloads.join(", ")} answers DNS on an IP of each node, which Cilium's policies count as the node and not as a pod: of ${counted(count, "policy")}, those that allow egress to the DNS pods only may block DNS once Cilium enforces them`,
          "allow UDP and TCP 53 to the node in these namespaces (CiliumNetworkPolicy with toEntities: [host]) before the migration is finalized",
        ),
    },
  },
  "pod-host-ports": {
    title: "Pods with hostPorts",
    ok: "No pod on the pod network has a hostPort",
    finds: {
      "pods-with-host-port": (pods) =>
        found(
          `${counted(pods.count, "pod")} ${either(pods, "loses its", "lose their")} hostPort on a node on Cilium: ${listed(pods)}`,
          "serve these ports by a NodePort Service or hostNetwork before the migration; Cilium's kube-proxy replacement brings hostPort back afterwards",
        ),
    },
  },
  "services-external-local": {
    title: "Services with externalTrafficPolicy Local",
    ok: "No Service has externalTrafficPolicy: Local",
    finds: {
      "services-external-local-found": (services) =>
        found(
          `${counted(services.count, "Service")} with externalTrafficPolicy: Local: client IPs stay, but a node whose pods were drained drops what arrives at its own IP for ${either(services, "it", "them")}, until a pod runs there again: ${listed(services)}`,
          "nothing behind a load balancer that health-checks its nodes; take other clients off each node before it is moved, or set Cluster for the time of the run",
        ),
    },
  },
  "services-internal-local": {
    title: "Services with internalTrafficPolicy Local",
    ok: "No Service has internalTrafficPolicy: Local",
    finds: {
      "services-internal-local-found": (services) =>
        found(
          `${counted(services.count, "Service")} with internalTrafficPolicy: Local: on a node where no pod of ${either(services, "its", "theirs")} runs, clients get no answer, and so it is on each node while its pods restart on Cilium: ${listed(services)}`,
          "check that clients retry; set Cluster for the time of the run where they do not",
        ),
    },
  },
};
