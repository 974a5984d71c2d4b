import { HelmError } from "../helm-error.ts";
import { at, text, truthy, type Values } from "../values.ts";
import type { Chart } from "./catalog.ts";

type Kind = "string" | "integer" | "boolean" | "object" | "array" | "null";

/** Types of values.schema.json, as far as the lab's chart reads the value. */
export const kinds: readonly (readonly [path: string, ...kinds: Kind[]])[] = [
  ["MTU", "integer"],
  ["agentNotReadyTaintKey", "string"],
  ["bpf", "object"],
  ["bpf.hostLegacyRouting", "boolean", "null"],
  ["bpf.masquerade", "boolean", "null"],
  ["cluster.id", "integer"],
  ["cluster.name", "string"],
  ["cni", "object"],
  ["cni.customConf", "boolean"],
  ["cni.exclusive", "boolean"],
  ["cni.install", "boolean"],
  ["cni.uninstall", "boolean"],
  ["cni.chainingMode", "string", "null"],
  ["cni.confPath", "string"],
  ["cni.binPath", "string"],
  ["debug.enabled", "boolean"],
  ["enableIPv4Masquerade", "boolean", "null"],
  ["hubble.enabled", "boolean"],
  ["ipam.mode", "string"],
  ["ipam.operator.clusterPoolIPv4MaskSize", "integer"],
  ["ipam.operator.clusterPoolIPv4PodCIDRList", "array", "string"],
  ["ipv4.enabled", "boolean"],
  ["ipv6.enabled", "boolean"],
  ["operator", "object"],
  ["operator.removeNodeTaints", "boolean"],
  ["operator.replicas", "integer"],
  ["operator.setNodeNetworkStatus", "boolean"],
  ["operator.setNodeTaints", "boolean", "null"],
  ["operator.unmanagedPodWatcher.intervalSeconds", "integer"],
  ["operator.unmanagedPodWatcher.restart", "boolean"],
  ["operator.unmanagedPodWatcher.selector", "string", "null"],
  ["policyEnforcementMode", "string"],
  ["rollOutCiliumPods", "boolean"],
  ["routingMode", "string"],
  ["tunnelPort", "integer"],
  ["tunnelProtocol", "string"],
];

/** Throws what helm prints: first the schema's complaints, then what the chart's own templates refuse. */
export function checkValues(chart: Chart, values: Values, helmMajor: number): void {
  const wrong = kinds.flatMap(([path, ...wanted]) => {
    const value = at(values, path);
    const kind = kindOf(value);
    if (value === undefined || (kind !== null && wanted.includes(kind))) return [];
    const got = kind ?? typeof value;
    return helmMajor >= 4
      ? [`- at '/${path.replaceAll(".", "/")}': got ${got}, want ${wanted.join(" or ")}`]
      : [`- ${path}: Invalid type. Expected: ${wanted.join("/")}, given: ${got}`];
  });
  if (wrong.length > 0) {
    throw new HelmError(
      `values don't meet the specifications of the schema(s) in the following chart(s):\ncilium:\n${wrong.join("\n")}\n`,
    );
  }
  const refused = refusal(values);
  if (refused)
    throw new HelmError(`execution error at (cilium/templates/validate.yaml:1:1): ${refused} (chart ${chart.version})`);
}

function kindOf(value: unknown): Kind | null {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (Number.isInteger(value)) return "integer";
  const kind = typeof value;
  return kind === "string" || kind === "boolean" || kind === "object" ? kind : null;
}

function refusal(values: Values): string | null {
  if (truthy(values, "tunnel")) return "the value tunnel is gone since 1.15: set routingMode and tunnelProtocol";
  if (!/^(true|false)$/.test(text(values, "kubeProxyReplacement"))) return "kubeProxyReplacement must be true or false";
  const name = text(values, "cluster.name");
  if (!/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(name))
    return `cluster.name "${name}" must be 1 to 32 lower-case letters, digits and dashes`;
  if (name === "default" && Number(at(values, "cluster.id")) !== 0)
    return "cluster.name default cannot be used with a cluster.id other than 0";
  const protocol = text(values, "tunnelProtocol");
  if (!/^(|vxlan|geneve)$/.test(protocol)) return `tunnelProtocol "${protocol}" must be vxlan or geneve`;
  const routing = text(values, "routingMode");
  if (!/^(|native|tunnel)$/.test(routing)) return `routingMode "${routing}" must be native or tunnel`;
  return null;
}
