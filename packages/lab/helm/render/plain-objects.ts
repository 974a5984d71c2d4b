import { generateKeyPairSync } from "node:crypto";
import type { KubeObject } from "../../objects.ts";
import { truthy } from "../values.ts";
import { type ChartContext, partOf } from "./chart-context.ts";
import { ciliumConfig, hasEnvoy } from "./config-map.ts";

/** Everything before the roles: namespace, accounts, secrets, configuration. */
export function configurationObjects(context: ChartContext): readonly KubeObject[] {
  const { chart, values, namespace } = context;
  const envoy = hasEnvoy(values);
  return [
    ...(chart.line.secretsNamespace
      ? [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "cilium-secrets", labels: partOf(chart) } }]
      : []),
    ...["cilium", ...(envoy ? ["cilium-envoy"] : []), "cilium-operator"].map((name) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
    })),
    secret(context, "cilium-ca", "Opaque", ["ca.crt", "ca.key"]),
    ...(truthy(values, "hubble.enabled")
      ? [secret(context, "hubble-server-certs", "kubernetes.io/tls", ["ca.crt", "tls.crt", "tls.key"])]
      : []),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "cilium-config", namespace },
      data: { ...ciliumConfig(chart, values) },
    },
    ...(envoy
      ? [
          {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "cilium-envoy-config", namespace },
            data: {
              "bootstrap-config.json": JSON.stringify({
                node: { id: "host~127.0.0.1~no-id~localdomain", cluster: "ingress-cluster" },
              }),
            },
          },
        ]
      : []),
  ];
}

/** Kept when it is there already. Nothing in the lab speaks TLS, so a bare key pair stands where a certificate would. */
function secret(
  { chart, namespace, existing }: ChartContext,
  name: string,
  type: string,
  files: readonly string[],
): KubeObject {
  const known = existing("Secret", name)?.data as Record<string, string> | undefined;
  const pair = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const fresh = (file: string) =>
    Buffer.from(file.endsWith(".key") ? pair.privateKey : pair.publicKey).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      ...(chart.line.labelsChart ? { labels: { "cilium.io/helm-template-non-idempotent": "true" } } : {}),
    },
    type,
    data: Object.fromEntries(files.map((file) => [file, known?.[file] ?? fresh(file)])),
  };
}

/** Services of the chart. */
export function serviceObjects({ chart, values, namespace }: ChartContext): readonly KubeObject[] {
  const envoy = {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "cilium-envoy",
      namespace,
      annotations: { "prometheus.io/port": "9964", "prometheus.io/scrape": "true" },
      labels: {
        "k8s-app": "cilium-envoy",
        "app.kubernetes.io/name": "cilium-envoy",
        ...partOf(chart),
        "io.cilium/app": "proxy",
      },
    },
    spec: {
      clusterIP: "None",
      type: "ClusterIP",
      ports: [{ name: "envoy-metrics", port: 9964, protocol: "TCP", targetPort: "envoy-metrics" }],
      selector: { "k8s-app": "cilium-envoy" },
    },
  };
  const peer = {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "hubble-peer",
      namespace,
      labels: { "k8s-app": "cilium", "app.kubernetes.io/name": "hubble-peer", ...partOf(chart) },
    },
    spec: {
      internalTrafficPolicy: "Local",
      ports: [{ name: "peer-service", port: 443, protocol: "TCP", targetPort: 4244 }],
      selector: { "k8s-app": "cilium" },
    },
  };
  return [...(hasEnvoy(values) ? [envoy] : []), ...(truthy(values, "hubble.enabled") ? [peer] : [])];
}
