import { aBudget, aPod } from "../../support/facts.ts";
import { healthy, type Row } from "./judging.ts";

/** As the API server shows a node that an engine cordoned, in a run that ended there; cordoned before, or not. */
const leftCordoned = (cordonedBefore: boolean) => ({
  cordoned: true,
  taints: [{ key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" }],
  annotations: {
    "cni-crossfade/node": JSON.stringify({ state: { phase: "failed", before: { cordoned: cordonedBefore } } }),
  },
});

export const nodesRows: Row[] = [
  ["node-contradictions", "ok", "all that is written of the nodes agrees", healthy],
  [
    "node-contradictions",
    "warning",
    "a label names another system than the status",
    () => healthy().changeNode("worker-1", { labels: { "kubernetes.io/os": "windows" } }),
  ],
  [
    "node-contradictions",
    "warning",
    "a label names another architecture",
    () => healthy().changeNode("worker-1", { labels: { "kubernetes.io/arch": "arm64" } }),
  ],
  [
    "node-contradictions",
    "warning",
    "Flannel uses another address",
    () => healthy().changeNode("worker-1", { annotations: { "flannel.alpha.coreos.com/public-ip": "10.0.2.15" } }),
  ],
  [
    "node-contradictions",
    "warning",
    "a label names another owner than the providerID",
    () =>
      healthy().changeNode("worker-1", {
        providerId: "aws:///eu-1a/i-0abc",
        labels: { "cloud.google.com/gke-nodepool": "a" },
      }),
  ],
  [
    "node-contradictions",
    "warning",
    "a providerID names another container",
    () => healthy().changeNode("worker-1", { providerId: "kind://docker/test/worker-2" }),
  ],
  [
    "node-contradictions",
    "ok",
    "owners agree",
    () =>
      healthy()
        .changeNode("worker-1", { providerId: "kind://docker/test/worker-1" })
        .changeNode("worker-2", { providerId: "aws:///eu-1a/i-0abc", labels: { "eks.amazonaws.com/nodegroup": "a" } }),
  ],
  [
    "node-contradictions",
    "warning",
    "a node has no address",
    () => healthy().changeNode("worker-1", { internalIps: [] }),
  ],
  ["kernel", "ok", "new enough", healthy],
  ["kernel", "ok", "BTF is looked for later", healthy, { ciliumVersion: "1.20.2" }],
  [
    "kernel",
    "blocker",
    "5.4 for Cilium 1.18",
    () => healthy().changeNode("worker-2", { kernelVersion: "5.4.0-190-generic" }),
  ],
  [
    "kernel",
    "ok",
    "5.4 for Cilium 1.17",
    () => healthy().changeNode("worker-2", { kernelVersion: "5.4.0-190-generic" }),
    { ciliumVersion: "1.17.18" },
  ],
  [
    "kernel",
    "blocker",
    "4.19.30 for Cilium 1.17",
    () => healthy().changeNode("worker-2", { kernelVersion: "4.19.30" }),
    { ciliumVersion: "1.17.18" },
  ],
  ["kernel", "ok", "RHEL 8.10's 4.18", () => healthy().changeNodes({ kernelVersion: "4.18.0-553.22.1.el8_10.x86_64" })],
  ["kernel", "blocker", "RHEL 8.6's 4.18", () => healthy().changeNodes({ kernelVersion: "4.18.0-372.9.1.el8.x86_64" })],
  ["kernel", "warning", "not known", () => healthy().changeNode("worker-1", { kernelVersion: "" })],
  ["platform", "ok", "Linux on amd64 and arm64", () => healthy().changeNode("worker-1", { architecture: "arm64" })],
  ["platform", "blocker", "a Windows node", () => healthy().changeNode("worker-1", { operatingSystem: "windows" })],
  ["platform", "blocker", "an s390x node", () => healthy().changeNode("worker-1", { architecture: "s390x" })],
  ["nodes-ready", "ok", "all Ready", healthy],
  [
    "nodes-ready",
    "blocker",
    "one is not",
    () => healthy().changeNode("worker-1", { ready: false, notReadyReason: "KubeletNotReady" }),
  ],
  [
    "nodes-ready",
    "blocker",
    "one has no network",
    () => healthy().changeNode("worker-1", { networkUnavailable: true }),
  ],
  [
    "nodes-ready",
    "ok",
    "the one that is not is left out",
    () => healthy().changeNode("worker-1", { ready: false }),
    { exclude: ["worker-1"] },
  ],
  ["nodes-cordoned", "ok", "none", healthy],
  [
    "nodes-cordoned",
    "ok",
    "one, by an engine of an earlier run",
    () => healthy().changeNode("worker-1", leftCordoned(false)),
  ],
  [
    "nodes-cordoned",
    "warning",
    "one that was cordoned before an engine came to it",
    () => healthy().changeNode("worker-1", leftCordoned(true)),
  ],
  [
    "budgets-blocked",
    "ok",
    "the other node is closed only by a cordon that an engine of an earlier run left",
    () =>
      healthy()
        .changeNode("control-plane-0", leftCordoned(false))
        .changeNode("worker-2", { taints: [{ key: "a", value: "", effect: "NoSchedule" }] })
        .withPods(aPod("default", "web-1"), aPod("default", "web-2"))
        .withBudgets(aBudget("web", { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 })),
  ],
  ["nodes-cordoned", "warning", "one", () => healthy().changeNode("worker-1", { cordoned: true })],
  ["nodes-excluded", "ok", "none", healthy],
  ["nodes-excluded", "ok", "one", healthy, { exclude: ["worker-1"] }],
  ["nodes-excluded", "blocker", "one that is not there", healthy, { exclude: ["worker-1", "worker-9"] }],
  ["nodes-excluded", "blocker", "all of them", healthy, { exclude: healthy().facts.nodes.map(({ name }) => name) }],
  ["control-planes", "warning", "one", healthy],
  ["control-planes", "warning", "two", () => healthy().changeNode("worker-1", { controlPlane: true })],
  ["control-planes", "ok", "three", () => healthy().changeNodes({ controlPlane: true })],
  ["control-planes", "ok", "none of them is a node", () => healthy().changeNodes({ controlPlane: false })],
  ["control-planes", "ok", "one, and nothing restarts", healthy, { reboot: { method: "none" } }],
  ["reboot-method", "ok", "a privileged pod on machines", healthy],
  [
    "reboot-method",
    "blocker",
    "a privileged pod on kind",
    () => healthy().changeNodes({ providerId: "kind://docker/a/b" }),
  ],
  [
    "reboot-method",
    "blocker",
    "a privileged pod on Talos",
    () => healthy().changeNodes({ osImage: "Talos (v1.11.2)" }),
  ],
  [
    "reboot-method",
    "ok",
    "kind on kind",
    () => healthy().changeNodes({ providerId: "kind://docker/a/b" }),
    { reboot: { method: "kind" } },
  ],
  ["reboot-method", "blocker", "kind on machines", healthy, { reboot: { method: "kind" } }],
  ["reboot-method", "warning", "by hand", healthy, { reboot: { method: "manual" } }],
  ["reboot-method", "ok", "not at all", healthy, { reboot: { method: "none" } }],
  [
    "reboot-method",
    "ok",
    "a command that names the node",
    healthy,
    { reboot: { method: "command", argv: ["ssh", "{address}", "reboot"] } },
  ],
  ["reboot-method", "blocker", "a command that does not", healthy, { reboot: { method: "command", argv: ["reboot"] } }],
  ["reboot-method", "blocker", "an empty command", healthy, { reboot: { method: "command", argv: [] } }],
  ["own-node", "ok", "elsewhere", healthy],
  ["own-node", "warning", "on a node by its address", () => healthy().with({ ownAddresses: ["192.168.50.11"] })],
  ["own-node", "warning", "on a node by its name", () => healthy().with({ ownHostname: "worker-1" })],
  [
    "own-node",
    "ok",
    "on a node that is not restarted",
    () => healthy().with({ ownHostname: "worker-1" }),
    { reboot: { method: "none" } },
  ],
];
