/** What is particular to the chart of one minor version, as far as its objects differ. */
export interface ChartLine {
  readonly minor: number;
  /** The version whose objects were read: its images carry digests. */
  readonly read: string;
  readonly digests: { readonly agent: string; readonly operator: string };
  readonly envoyImage: string;
  /** Keys of cilium-config against those of 1.18. */
  readonly keys: { readonly without: readonly string[]; readonly with: Readonly<Record<string, string>> };
  /** Objects bear the label helm.sh/chart. */
  readonly labelsChart: boolean;
  /** Secrets for policies and TLS interception live in a namespace of their own. */
  readonly secretsNamespace: boolean;
  readonly operatorToleratesAll: boolean;
  readonly watcherUnit: "" | "s";
  /** The default-container annotation and the client's back-off came together. */
  readonly tunesClient: boolean;
  readonly startupFailures: number;
  /** Probes name their ports, and the containers declare them. */
  readonly namedPorts: boolean;
}

const line16: ChartLine = {
  minor: 16,
  read: "1.16.19",
  digests: {
    agent: "f0c260e30ef97ce3e45e833e702ab47efbbb1dadd0a394969c0a65553e98fefb",
    operator: "8879e792c5566f6349b5f2865e07c0dd690eb32638afc4417b51b0ec574fa5f0",
  },
  envoyImage:
    "quay.io/cilium/cilium-envoy:v1.34.12-1767177245-7935d4d711cb6f8020385a50c996b90896e16a71@sha256:377175048c79d12c129d29e7a56268e1edaad37c96e649e892465c01bf2b4f8f",
  keys: {
    without: [
      "metrics-sampling-interval",
      "enable-policy-secrets-sync",
      "policy-secrets-only-from-secrets-namespace",
      "policy-secrets-namespace",
      "bpf-policy-stats-map-max",
      "bpf-lb-source-range-all-types",
      "bpf-lb-algorithm-annotation",
      "bpf-lb-mode-annotation",
      "bpf-distributed-lru",
      "iptables-random-fully",
      "enable-endpoint-lockdown-on-policy-overflow",
      "health-check-icmp-failure-threshold",
      "default-lb-service-ipam",
      "identity-management-mode",
      "tofqdns-preallocate-identities",
      "proxy-max-concurrent-retries",
      "http-retry-count",
      "http-stream-idle-timeout",
      "policy-default-local-cluster",
      "enable-internal-traffic-policy",
      "enable-lb-ipam",
      "enable-non-default-deny-policies",
      "enable-source-ip-verification",
      "enable-dynamic-config",
      "enable-drift-checker",
    ],
    with: {
      "enable-local-redirect-policy": "false",
      "enable-runtime-device-detection": "true",
      "kube-proxy-replacement-healthz-bind-address": "",
      "enable-host-port": "false",
      "enable-external-ips": "false",
      "enable-l2-neigh-discovery": "true",
      "arping-refresh-period": "30s",
      "enable-k8s-terminating-endpoint": "true",
      "k8s-client-qps": "10",
      "k8s-client-burst": "20",
      "tofqdns-endpoint-max-ip-per-hostname": "50",
    },
  },
  labelsChart: false,
  secretsNamespace: false,
  operatorToleratesAll: true,
  watcherUnit: "",
  tunesClient: false,
  startupFailures: 105,
  namedPorts: false,
};

const line18: ChartLine = {
  minor: 18,
  read: "1.18.12",
  digests: {
    agent: "94149589d9b77fe3a78f900121b36fab51b1ede0c4190924e2328facc37de210",
    operator: "86899c73438812b2761ac6fa435ea4e65f68e70d1ae54ac806fec8805d1ce011",
  },
  envoyImage:
    "quay.io/cilium/cilium-envoy:v1.36.9-1782267392-edeb3f2af56c37c407efa1f63f0b32f595399bbc@sha256:767101fb8a5e38f055778cb43b7aa8eed80450b37f8121effac3d9de9e06dc99",
  keys: { without: [], with: {} },
  labelsChart: false,
  secretsNamespace: true,
  operatorToleratesAll: false,
  watcherUnit: "",
  tunesClient: true,
  startupFailures: 300,
  namedPorts: false,
};

const line20: ChartLine = {
  ...line18,
  minor: 20,
  read: "1.20.0",
  digests: {
    agent: "383968cd5e8873f7976fa76aa6196045643558f4cc9518a207b9335cb24a0e93",
    operator: "80744a8cc7c91c2f9e6347629406844eb35d79b30a732c6d41c15b17232a74f3",
  },
  envoyImage:
    "quay.io/cilium/cilium-envoy:v1.37.5-1782911245-7cffc778c923f68a77954a53b1a98d6b5353f004@sha256:583057dd4f7d54cd41efff3c413aa0b148ac201f522e2c3336851fa89c78b039",
  keys: {
    without: ["enable-node-port", "enable-svc-source-range-check", "enable-internal-traffic-policy"],
    with: {
      "policy-deny-response": "none",
      "enable-host-firewall": "false",
      "enable-no-service-endpoints-routable": "true",
      "enable-dynamic-source-lookup-nodeport": "false",
      "enable-service-topology": "false",
      "packetization-layer-pmtud-mode": "blackhole",
      "mesh-auth-enabled": "false",
      "proxy-max-active-downstream-connections": "50000",
      "proxy-use-original-source-address": "true",
      "proxy-cluster-max-connections": "1024",
      "proxy-cluster-max-pending-requests": "1024",
      "proxy-cluster-max-requests": "1024",
      "envoy-node-locality-enabled": "false",
      "envoy-access-log-enabled": "true",
      "envoy-xds-mode": "ads",
      "clustermesh-cache-ttl": "0s",
      "clustermesh-mcs-api-install-crds": "true",
      "clustermesh-default-global-namespace": "true",
      "policy-default-local-cluster": "true",
      "enable-datapath-plugins": "false",
      "datapath-plugins-state-dir": "/var/run/cilium/plugins",
    },
  },
  labelsChart: true,
  watcherUnit: "s",
  namedPorts: true,
};

/** Minor versions that were not read stand in the line of a neighbour that was. */
export const chartLines: Readonly<Record<number, ChartLine>> = {
  16: line16,
  17: line16,
  18: line18,
  19: line20,
  20: line20,
};
