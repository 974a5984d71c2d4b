import { machinesOnly } from "../model/cluster/virtual-node.ts";
import type { CiliumTarget, JsonObject, PlannedValues } from "../model/plan-types.ts";
import { commentAt } from "./comments.ts";
import { leavesOf, valueAt } from "./merge.ts";
import type { ValuesPhase } from "./values-phase.ts";
import { emitYaml } from "./yaml.ts";

/** The three parameters that Cilium's migration guide changes at the end, and nothing else. */
export const documentedDifference = [
  "operator.unmanagedPodWatcher.restart",
  "cni.customConf",
  "policyEnforcementMode",
] as const;

/** What the hybrid phase rests on. Nobody's file may change it (names as in charts 1.16 to 1.20). */
export function essentialValues(target: CiliumTarget, phase: ValuesPhase): JsonObject {
  const hybrid = phase === "initial";
  return {
    operator: { unmanagedPodWatcher: { restart: !hybrid } },
    routingMode: "tunnel",
    tunnelProtocol: target.tunnelProtocol,
    tunnelPort: target.tunnelPort,
    cni: { customConf: hybrid, uninstall: false },
    ipam: {
      mode: "cluster-pool",
      operator: { clusterPoolIPv4PodCIDRList: [target.podCidr], clusterPoolIPv4MaskSize: target.maskSize },
    },
    policyEnforcementMode: hybrid ? "never" : "default",
    bpf: { hostLegacyRouting: true },
    kubeProxyReplacement: "false",
  };
}

const onNodes = (matchExpressions: readonly JsonObject[]): JsonObject => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
});

/** A list in values replaces the chart's: this is what the chart has for Envoy by itself. */
const ofEnvoy: JsonObject = { key: "cilium.io/no-schedule", operator: "NotIn", values: ["true"] };

/** No pod of Cilium's on a virtual node: none becomes Ready there, and a rollout would wait for it. */
const keptToMachines = {
  affinity: onNodes(machinesOnly),
  operator: { affinity: onNodes(machinesOnly) },
  envoy: { affinity: onNodes([ofEnvoy, ...machinesOnly]) },
} as const;

/** What is well chosen for a migration, and the operator's own file may choose otherwise. */
export function softValues(target: CiliumTarget): JsonObject {
  const operator = { replicas: target.operatorReplicas, setNodeTaints: false };
  const hubble = { relay: { enabled: false } };
  const { nativeRoutingCidr: range } = target;
  const network: JsonObject = {
    ...(target.mtu === undefined ? {} : { MTU: target.mtu }),
    ...(range === undefined ? {} : { ipv4NativeRoutingCIDR: range }),
  };
  if (!target.machinesOnly) return { operator, hubble, ...network };
  const { affinity, envoy } = keptToMachines;
  return { operator: { ...operator, ...keptToMachines.operator }, hubble, affinity, envoy, ...network };
}

const header: Readonly<Record<ValuesPhase, string>> = {
  initial: "Cilium beside the old CNI: its overlay runs on every node, and it owns no pod.",
  final: "Cilium in charge of every node. Differs from the initial values in three parameters, marked FINAL.",
};

/** Paths whose values differ, in the order of the initial values. */
export function valuesDifference(initial: JsonObject, final: JsonObject): PlannedValues["difference"] {
  const paths = [...new Set([...leavesOf(initial), ...leavesOf(final)].map(([path]) => path))];
  return paths.flatMap((path) => {
    const before = valueAt(initial, path) ?? null;
    const after = valueAt(final, path) ?? null;
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, initial: before, final: after }];
  });
}

/** Values as a person reads them: a reason above each, and what of them came from the operator's own file. */
export function valuesYaml(values: JsonObject, target: CiliumTarget, phase: ValuesPhase): string {
  return `# ${header[phase]}\n# Chart: cilium ${target.version}\n${emitYaml(values, commentAt(phase))}`;
}
