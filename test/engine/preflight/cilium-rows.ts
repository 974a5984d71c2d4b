import type { DryRunFacts } from "../../../src/engine/model/cluster/dry-run-facts.ts";
import type { PermissionFacts } from "../../../src/engine/model/facts.ts";
import { aRelease, secondaryConfig } from "../../support/facts.ts";
import { handedOver, healthy, nodeConfig, type Row } from "./judging.ts";

const right = (stage: PermissionFacts["stage"] & string, allowed: boolean): PermissionFacts => ({
  verb: "delete",
  resource: "pods",
  group: "",
  namespace: null,
  stage,
  allowed,
});

const dedicated = { key: "dedicated", value: "apps", effect: "NoSchedule" };
const toBear = [{ key: "dedicated", operator: "Equal", value: "apps", effect: "NoSchedule" }];
const names = () => healthy().facts.nodes.map(({ name }) => name);
/** All nodes but these, each with the same taint. */
const tainted = (but: readonly string[] = [], taint = dedicated) =>
  names()
    .filter((name) => !but.includes(name))
    .reduce((cluster, name) => cluster.changeNode(name, { taints: [taint] }), healthy());

const dryRun = (over: Partial<DryRunFacts>): DryRunFacts => ({
  verb: "create",
  kind: "DaemonSet",
  namespace: "kube-system",
  name: "crossfade-dry-run",
  answer: "accepted",
  by: "",
  message: "",
  ...over,
});

export const ciliumRows: Row[] = [
  ["cilium-places", "ok", "no node is tainted", healthy],
  ["cilium-places", "warning", "no node takes the operator", () => tainted()],
  ["cilium-places", "warning", "one node takes it", () => tainted(["worker-1"])],
  ["cilium-places", "ok", "two nodes take it", () => tainted(["worker-1", "worker-2"])],
  ["cilium-places", "ok", "the operator of 1.17 bears every taint", () => tainted(), { ciliumVersion: "1.17.9" }],
  ["cilium-places", "ok", "a taint only prefers", () => tainted([], { ...dedicated, effect: "PreferNoSchedule" })],
  [
    "cilium-places",
    "ok",
    "the values have it tolerate the taint",
    () => tainted(),
    { userValues: { operator: { tolerations: toBear } } },
  ],
  [
    "cilium-places",
    "warning",
    "the values' nodeSelector fits no node",
    healthy,
    { userValues: { operator: { nodeSelector: { pool: "infra" } } } },
  ],
  [
    "cilium-places",
    "warning",
    "the values' tolerations leave agents out",
    () => tainted(["worker-1", "worker-2"]),
    { userValues: { tolerations: [{ key: "other", operator: "Exists" }] } },
  ],
  ["existing-cilium", "ok", "there is none", healthy],
  ["existing-cilium", "warning", "it is installed beside Flannel", () => healthy().withCilium()],
  ["existing-cilium", "warning", "it is, and a node was handed over by hand", () => handedOver(healthy().withCilium())],
  ["existing-cilium", "blocker", "a node bears the label before Cilium is there", () => handedOver(healthy())],
  [
    "existing-cilium",
    "blocker",
    "it is chained",
    () => healthy().withCilium({ ...secondaryConfig, "cni-chaining-mode": "generic-veth" }),
  ],
  [
    "existing-cilium",
    "blocker",
    "it is in charge of all nodes",
    () => healthy().withCilium({ ...secondaryConfig, "write-cni-conf-when-ready": "/host/x" }),
  ],
  [
    "existing-cilium",
    "blocker",
    "it enforces policies",
    () => healthy().withCilium({ ...secondaryConfig, "enable-policy": "default" }),
  ],
  [
    "existing-cilium",
    "blocker",
    "its addresses come from the nodes",
    () => healthy().withCilium({ ...secondaryConfig, ipam: "kubernetes" }),
  ],
  [
    "existing-cilium",
    "blocker",
    "it has two pools",
    () => healthy().withCilium({ ...secondaryConfig, "cluster-pool-ipv4-cidr": "10.1.0.0/16 10.2.0.0/16" }),
  ],
  ["existing-cilium", "blocker", "helm does not own it", () => healthy().withCilium().with({ helmReleases: [] })],
  [
    "existing-cilium",
    "blocker",
    "its configuration is out of sight",
    () => healthy().withCilium().with({ configMaps: healthy().facts.configMaps }),
  ],
  [
    "existing-cilium",
    "blocker",
    "another CiliumNodeConfig hands nodes over",
    () =>
      healthy()
        .withCilium()
        .with({ ciliumNodeConfigs: [nodeConfig("mine", { a: "b" })] }),
  ],
  [
    "existing-cilium",
    "blocker",
    "the CiliumNodeConfig selects every node",
    () =>
      healthy()
        .withCilium()
        .with({ ciliumNodeConfigs: [nodeConfig("cilium-default", {})] }),
  ],
  [
    "existing-cilium",
    "warning",
    "the guide's own CiliumNodeConfig is there",
    () =>
      healthy()
        .withCilium()
        .with({ ciliumNodeConfigs: [nodeConfig("cilium-default", { "io.cilium.migration/cilium-default": "true" })] }),
  ],
  ["existing-cilium", "warning", "only CRDs are left", () => healthy().with({ apiGroups: { "cilium.io": ["v2"] } })],
  [
    "existing-cilium",
    "blocker",
    "CiliumNodes keep another range",
    () =>
      healthy().with({
        ciliumNodes: [
          { name: "worker-1", podCidrs: ["10.0.3.0/24"], ciliumInternalIps: [], healthIp: null, error: "" },
        ],
      }),
  ],
  [
    "existing-cilium",
    "warning",
    "a release has no agents",
    () => healthy().with({ helmReleases: [aRelease({ status: "failed" })] }),
  ],
  ["helm-release", "ok", "it is deployed", () => healthy().with({ helmReleases: [aRelease()] })],
  [
    "helm-release",
    "blocker",
    "an install was killed",
    () => healthy().with({ helmReleases: [aRelease({ status: "pending-install" })] }),
  ],
  [
    "helm-release",
    "blocker",
    "an upgrade was killed",
    () => healthy().with({ helmReleases: [aRelease({ status: "pending-upgrade", revision: 3 })] }),
  ],
  ["admission", "ok", "our namespace is not there yet", () => healthy().with({ dryRuns: [dryRun({})] })],
  ["admission", "ok", "it is", () => healthy().with({ ownNamespace: "ours", dryRuns: [dryRun({})] })],
  [
    "admission",
    "blocker",
    "a webhook refuses one",
    () =>
      healthy().with({
        dryRuns: [dryRun({ answer: "refused", by: 'admission webhook "x"', message: "no privileged pods" })],
      }),
  ],
  [
    "admission",
    "warning",
    "one could not be tried",
    () => healthy().with({ dryRuns: [dryRun({}), dryRun({ answer: "unknown", message: "no answer in 30 s" })] }),
  ],
  ["backup", "ok", "one was named", healthy, { backupTaken: "etcd-31.db" }],
  ["backup", "warning", "none was named", healthy],
  ["helm-present", "ok", "helm 4", healthy],
  ["helm-present", "ok", "helm 3", () => healthy().with({ helmVersion: "v3.17.2+gcc0bbbd" })],
  ["helm-present", "blocker", "no helm", () => healthy().with({ helmVersion: null })],
  ["helm-present", "blocker", "helm 2", () => healthy().with({ helmVersion: "v2.17.0" })],
  ["permissions", "ok", "all are given", healthy],
  ["permissions", "warning", "they could not be asked", () => healthy().with({ permissions: [] })],
  [
    "permissions",
    "blocker",
    "one is missing",
    () =>
      healthy().with({
        permissions: [{ verb: "create", resource: "pods/eviction", group: "", namespace: null, allowed: false }],
      }),
  ],
  [
    "permissions",
    "blocker",
    "one of an earlier stage is missing beside all of the last",
    () => healthy().with({ permissions: [right("operate", false), right("finalize", false)] }),
  ],
  [
    "permissions",
    "warning",
    "only those of the last stage are missing, all of them",
    () => healthy().with({ permissions: [right("operate", true), right("finalize", false), right("finalize", false)] }),
  ],
  [
    "permissions",
    "blocker",
    "some of the last stage are missing",
    () => healthy().with({ permissions: [right("operate", true), right("finalize", false), right("finalize", true)] }),
  ],
  ["version-matrix", "ok", "tested", healthy],
  ["version-matrix", "warning", "too new a Kubernetes", () => healthy().with({ kubernetesVersion: "v1.35.0" })],
  ["version-matrix", "warning", "an unknown Cilium", healthy, { ciliumVersion: "1.27.0" }],
];
