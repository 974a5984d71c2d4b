import type { CheckResult } from "../../../src/engine/model/check-result.ts";
import {
  defaultRunOptions,
  type Plan,
  type PlannedChange,
  type PlannedNode,
  type RunOptions,
} from "../../../src/engine/model/plan-types.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import { aSource } from "../a-source.ts";

const changes: readonly PlannedChange[] = [
  {
    verb: "create",
    kind: "ConfigMap",
    namespace: "crossfade",
    name: "migration",
    what: "the plan, pace and consents of this run",
    phase: "prepare",
    rollback: "deleted",
  },
  {
    verb: "create",
    kind: "Helm release",
    namespace: "kube-system",
    name: "cilium",
    what: "Cilium 1.18.12 in secondary mode",
    phase: "install",
    rollback: "uninstalled",
  },
  {
    verb: "create",
    kind: "CiliumNodeConfig",
    namespace: "kube-system",
    name: "crossfade",
    what: "lets labelled nodes be taken over",
    phase: "node-config",
    rollback: "deleted",
  },
  {
    verb: "change",
    kind: "Node",
    namespace: null,
    name: "each",
    what: "label, cordon, CNI files, pods recreated",
    phase: "nodes",
    rollback: "drained, files put back",
  },
  {
    verb: "change",
    kind: "Helm release",
    namespace: "kube-system",
    name: "cilium",
    what: "three values: see above",
    phase: "upgrade",
    rollback: "first values again",
  },
  {
    verb: "delete",
    kind: "CiliumNodeConfig",
    namespace: "kube-system",
    name: "crossfade",
    what: "",
    phase: "remove-node-config",
    rollback: "created again",
  },
  {
    verb: "delete",
    kind: "DaemonSet",
    namespace: "kube-flannel",
    name: "kube-flannel-ds",
    what: "Flannel's agents",
    phase: "remove-source",
    rollback: null,
  },
  {
    verb: "delete",
    kind: "ConfigMap",
    namespace: "kube-flannel",
    name: "kube-flannel-cfg",
    what: "",
    phase: "remove-source",
    rollback: null,
  },
  {
    verb: "delete",
    kind: "Node files",
    namespace: null,
    name: "each",
    what: "10-flannel.conflist, flannel.1, cni0",
    phase: "clean-nodes",
    rollback: null,
  },
];

const fineVerdicts: readonly CheckResult[] = (
  ["permissions", "helm-present", "cidr-disjoint", "tunnel-clash", "kernel"] as const
).map((check) => ({ check, level: "ok", reason: null, objects: [] }));

const alone = ["shop/cart", "ops/grafana"];

const warnings: readonly CheckResult[] = [
  {
    check: "single-replicas",
    level: "warning",
    reason: reason("deployments-with-one-replica", { count: 2, first: alone }),
    objects: alone,
  },
];

const options: RunOptions = { ...defaultRunOptions, reboot: { method: "none" }, soakMs: 10_000, retries: 0 };

const planned = (name: string, index: number, all: readonly string[]): PlannedNode => ({
  name,
  turn: name.includes("control") ? "control-plane" : index === 0 ? "canary" : "worker",
  podsToMove: 6 + ((index * 5) % 9),
  estimateMs: all.length > 100 ? 60_000 : 75_000,
});

/** A plan as preflight of a small Flannel cluster would make it. */
export function aPlan(
  names: readonly string[],
  {
    checkResults = [...warnings, ...fineVerdicts],
    context = "prod-eu",
  }: { checkResults?: readonly CheckResult[]; context?: string } = {},
): Plan {
  const nodes = names.map(planned);
  return {
    version: 1,
    hash: "sha256:9f31c07b52aa",
    at: Date.parse("2026-11-22T14:00:00Z"),
    cluster: {
      context,
      server: "https://10.0.0.1:6443",
      uid: "4b7c2f9e-7d51-4f3e-9a3b-0a1d2c3e4f50",
      kubernetesVersion: "v1.33.4",
      serviceCidrs: ["10.96.0.0/12"],
    },
    source: { ...aSource, version: "v0.25.6" },
    cilium: {
      version: "1.18.12",
      namespace: "kube-system",
      release: "cilium",
      chart: { repository: "https://helm.cilium.io", name: "cilium" },
      chartDigest: "0".repeat(64),
      podCidr: "10.245.0.0/16",
      maskSize: 24,
      tunnelProtocol: "vxlan",
      tunnelPort: 8473,
      operatorReplicas: 1,
    },
    nodes,
    outside: [],
    options,
    values: {
      initial: {},
      final: {},
      initialYaml: "",
      finalYaml: "",
      difference: [
        { path: "cni.customConf", initial: true, final: false },
        { path: "operator.unmanagedPodWatcher.restart", initial: false, final: true },
        { path: "policyEnforcementMode", initial: "never", final: "default" },
      ],
    },
    changes,
    rollbackUntil: "until Flannel is removed, every node and the whole run can be rolled back",
    estimateMs: nodes.reduce((sum, { estimateMs }) => sum + estimateMs, 180_000),
    checkResults,
  };
}
