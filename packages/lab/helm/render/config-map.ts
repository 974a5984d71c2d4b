import type { Chart } from "../charts/catalog.ts";
import { settledKeys } from "../charts/settled-keys.ts";
import { at, text, truthy, type Values } from "../values.ts";

type Keys = Record<string, string>;

/** Inside the agent's pod the conf directory is always here, wherever it lies on the node. */
const confFile = "05-cilium.conflist";

/** The data of cilium-config for these values. */
export function ciliumConfig({ line, minor }: Chart, values: Values): Readonly<Record<string, string>> {
  const keys: Keys = { ...settledKeys };
  for (const key of line.keys.without) delete keys[key];
  Object.assign(
    keys,
    line.keys.with,
    general(values, minor),
    cni(values),
    overlayKeys(values, minor),
    operator(values, line.watcherUnit),
    hubble(values, minor),
  );
  return keys;
}

function general(values: Values, minor: number): Keys {
  const keys: Keys = {
    "identity-allocation-mode": text(values, "identityAllocationMode"),
    debug: text(values, "debug.enabled"),
    "enable-policy": text(values, "policyEnforcementMode").toLowerCase(),
    "enable-ipv4": text(values, "ipv4.enabled"),
    "enable-ipv6": text(values, "ipv6.enabled"),
    "cluster-name": text(values, "cluster.name"),
    "cluster-id": text(values, "cluster.id"),
    "kube-proxy-replacement": text(values, "kubeProxyReplacement"),
    "enable-l7-proxy": text(values, "l7Proxy"),
    "external-envoy-proxy": String(hasEnvoy(values)),
    "agent-not-ready-taint-key": text(values, "agentNotReadyTaintKey"),
  };
  if (truthy(values, "MTU")) keys.mtu = text(values, "MTU");
  if (minor >= 20 || truthy(values, "devices")) keys.devices = text(values, "devices");
  if (truthy(values, "policyAuditMode")) keys["policy-audit-mode"] = "true";
  if (truthy(values, "disableEndpointCRD")) keys["disable-endpoint-crd"] = "true";
  return keys;
}

/** With customConf the agent is told nothing about the conf file, and so leaves it alone. */
function cni(values: Values): Keys {
  const keys: Keys = { "custom-cni-conf": text(values, "cni.customConf") };
  const chaining = chainingMode(values);
  if (chaining !== null) keys["cni-chaining-mode"] = chaining;
  if (truthy(values, "cni.uninstall")) keys["cni-uninstall"] = "true";
  return { ...keys, ...confFileKeys(values) };
}

/** Reading somebody's conf from a ConfigMap writes it on every node at once, customConf or not. */
function confFileKeys(values: Values): Keys {
  const written = { "write-cni-conf-when-ready": `${text(values, "cni.hostConfDirMountPath")}/${confFile}` };
  const keys: Keys = {};
  if (truthy(values, "cni.readCniConf") || truthy(values, "cni.configMap")) {
    Object.assign(keys, written);
    keys["read-cni-conf"] = text(values, "cni.readCniConf") || "/tmp/cni-configuration/cni-config";
  }
  if (!truthy(values, "cni.install") || truthy(values, "cni.customConf")) return keys;
  return {
    ...keys,
    ...written,
    "cni-exclusive": text(values, "cni.exclusive"),
    "cni-log-file": text(values, "cni.logFile"),
  };
}

/** Null where Cilium stands alone. */
function chainingMode(values: Values): string | null {
  const mode = text(values, "cni.chainingMode");
  return mode === "" || mode === "none" ? null : mode;
}

function overlayKeys(values: Values, minor: number): Keys {
  const keys: Keys = {
    "routing-mode": text(values, "routingMode") || "tunnel",
    "tunnel-protocol": text(values, "tunnelProtocol") || "vxlan",
    "enable-ipv4-masquerade": text(values, "enableIPv4Masquerade") || "true",
    "enable-ipv6-masquerade": text(values, "enableIPv6Masquerade"),
    ipam: text(values, "ipam.mode"),
    "ipam-cilium-node-update-rate": text(values, "ipam.ciliumNodeUpdateRate"),
  };
  if (minor >= 18) keys["tunnel-source-port-range"] = text(values, "tunnelSourcePortRange");
  if (truthy(values, "tunnelPort")) keys["tunnel-port"] = text(values, "tunnelPort");
  if (truthy(values, "ipv4NativeRoutingCIDR")) keys["ipv4-native-routing-cidr"] = text(values, "ipv4NativeRoutingCIDR");
  return { ...keys, ...bpf(values), ...pool(values) };
}

function bpf(values: Values): Keys {
  const keys: Keys = {};
  const legacy = text(values, "bpf.hostLegacyRouting") || (chainingMode(values) === null ? "" : "true");
  if (legacy !== "") keys["enable-host-legacy-routing"] = legacy;
  if (text(values, "bpf.masquerade") !== "") keys["enable-bpf-masquerade"] = text(values, "bpf.masquerade");
  return keys;
}

function pool(values: Values): Keys {
  if (text(values, "ipam.mode") !== "cluster-pool") return {};
  const pools = at(values, "ipam.operator.clusterPoolIPv4PodCIDRList");
  return {
    "cluster-pool-ipv4-cidr": Array.isArray(pools) ? pools.join(" ") : String(pools),
    "cluster-pool-ipv4-mask-size": text(values, "ipam.operator.clusterPoolIPv4MaskSize"),
  };
}

function operator(values: Values, unit: "" | "s"): Keys {
  const remove = text(values, "operator.removeNodeTaints");
  const restarts = truthy(values, "operator.unmanagedPodWatcher.restart");
  const keys: Keys = {
    "remove-cilium-node-taints": remove,
    "set-cilium-node-taints": text(values, "operator.setNodeTaints") || remove,
    "set-cilium-is-up-condition": text(values, "operator.setNodeNetworkStatus"),
    "unmanaged-pod-watcher-interval": restarts
      ? `${text(values, "operator.unmanagedPodWatcher.intervalSeconds")}${unit}`
      : "0",
  };
  const selector = at(values, "operator.unmanagedPodWatcher.selector");
  if (typeof selector === "string") keys["pod-restart-selector"] = selector;
  if (truthy(values, "operator.skipCRDCreation")) keys["skip-crd-creation"] = "true";
  return keys;
}

function hubble(values: Values, minor: number): Keys {
  if (!truthy(values, "hubble.enabled")) return { "enable-hubble": "false" };
  return {
    "enable-hubble": "true",
    "hubble-socket-path": "/var/run/cilium/hubble.sock",
    ...(minor >= 18
      ? { "hubble-network-policy-correlation-enabled": "true" }
      : { "hubble-export-file-max-size-mb": "10", "hubble-export-file-max-backups": "5" }),
    "hubble-listen-address": ":4244",
    "hubble-disable-tls": "false",
    "hubble-tls-cert-file": "/var/lib/cilium/tls/hubble/server.crt",
    "hubble-tls-key-file": "/var/lib/cilium/tls/hubble/server.key",
    "hubble-tls-client-ca-files": "/var/lib/cilium/tls/hubble/client-ca.crt",
  };
}

/** A DaemonSet of its own for the proxy is what new installations get since 1.16. */
export function hasEnvoy(values: Values): boolean {
  return truthy(values, "l7Proxy") && text(values, "envoy.enabled") !== "false";
}
