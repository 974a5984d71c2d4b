import { type ClusterFacts, configMap, type Seed, serviceAccount } from "./seed-world.ts";

const labels = { "k8s-app": "kube-proxy" };

/** kube-proxy as kubeadm installs it, in iptables mode. */
export function kubeProxy({ clusterCidr, kubernetesVersion, controlPlaneIps }: ClusterFacts): Seed[] {
  const files = {
    "config.conf": [
      "apiVersion: kubeproxy.config.k8s.io/v1alpha1",
      "bindAddress: 0.0.0.0",
      "clientConnection:",
      "  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf",
      `clusterCIDR: ${clusterCidr}`,
      "kind: KubeProxyConfiguration",
      'mode: "iptables"',
      "",
    ].join("\n"),
    "kubeconfig.conf": [
      "apiVersion: v1",
      "kind: Config",
      "clusters:",
      "- cluster:",
      "    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
      `    server: https://${controlPlaneIps[0]}:6443`,
      "  name: default",
      "",
    ].join("\n"),
  };
  return [
    serviceAccount("kube-system", "kube-proxy"),
    configMap("kube-system", "kube-proxy", files, { app: "kube-proxy" }),
    ["apps/daemonsets", daemonSet(kubernetesVersion)],
  ];
}

function daemonSet(version: string) {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-proxy", namespace: "kube-system", labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: "system-node-critical",
          serviceAccountName: "kube-proxy",
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [{ operator: "Exists" }],
          containers: [container(version)],
          volumes: [
            { name: "kube-proxy", configMap: { name: "kube-proxy" } },
            { name: "xtables-lock", hostPath: { path: "/run/xtables.lock", type: "FileOrCreate" } },
            { name: "lib-modules", hostPath: { path: "/lib/modules" } },
          ],
        },
      },
    },
  };
}

function container(version: string) {
  return {
    name: "kube-proxy",
    image: `registry.k8s.io/kube-proxy:${version}`,
    imagePullPolicy: "IfNotPresent",
    command: [
      "/usr/local/bin/kube-proxy",
      "--config=/var/lib/kube-proxy/config.conf",
      "--hostname-override=$(NODE_NAME)",
    ],
    env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    securityContext: { privileged: true },
    volumeMounts: [
      { name: "kube-proxy", mountPath: "/var/lib/kube-proxy" },
      { name: "xtables-lock", mountPath: "/run/xtables.lock" },
      { name: "lib-modules", mountPath: "/lib/modules", readOnly: true },
    ],
  };
}
