import { addressIn, type ClusterFacts, configMap, namespace, type Seed } from "./seed-world.ts";

/** What kubeadm leaves in a new cluster: namespaces, its own configuration, and the API server's service. */
export function kubeadmObjects(facts: ClusterFacts): Seed[] {
  return [
    ...["default", "kube-system", "kube-public", "kube-node-lease"].flatMap(namespace),
    configMap("kube-system", "kubeadm-config", { ClusterConfiguration: clusterConfiguration(facts) }),
    [
      "services",
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: {
          name: "kubernetes",
          namespace: "default",
          labels: { component: "apiserver", provider: "kubernetes" },
        },
        spec: {
          type: "ClusterIP",
          clusterIP: addressIn(facts.serviceCidr, 1),
          clusterIPs: [addressIn(facts.serviceCidr, 1)],
          ipFamilies: ["IPv4"],
          ipFamilyPolicy: "SingleStack",
          internalTrafficPolicy: "Cluster",
          sessionAffinity: "None",
          ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
        },
      },
    ],
    ...priorityClasses(),
  ];
}

/** The API server keeps this slice itself; the lab's control planes do not change their addresses. */
export function apiEndpoints({ controlPlaneIps }: ClusterFacts): Seed[] {
  return [
    [
      "discovery.k8s.io/endpointslices",
      {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: { name: "kubernetes", namespace: "default", labels: { "kubernetes.io/service-name": "kubernetes" } },
        addressType: "IPv4",
        endpoints: controlPlaneIps.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
        ports: [{ name: "https", port: 6443, protocol: "TCP" }],
      },
    ],
  ];
}

function clusterConfiguration({ kubernetesVersion, clusterCidr, serviceCidr, controlPlaneIps }: ClusterFacts): string {
  return [
    "apiVersion: kubeadm.k8s.io/v1beta4",
    "kind: ClusterConfiguration",
    "clusterName: crossfade-lab",
    `controlPlaneEndpoint: ${controlPlaneIps[0]}:6443`,
    `kubernetesVersion: ${kubernetesVersion}`,
    "networking:",
    "  dnsDomain: cluster.local",
    `  podSubnet: ${clusterCidr}`,
    `  serviceSubnet: ${serviceCidr}`,
    "",
  ].join("\n");
}

function priorityClasses(): Seed[] {
  const values = { "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000 };
  return Object.entries(values).map(
    ([name, value]): Seed => [
      "scheduling.k8s.io/priorityclasses",
      {
        apiVersion: "scheduling.k8s.io/v1",
        kind: "PriorityClass",
        metadata: { name },
        value,
        globalDefault: false,
        preemptionPolicy: "PreemptLowerPriority",
      },
    ],
  );
}
