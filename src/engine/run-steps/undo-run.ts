import { agentNotReadyTaint } from "../cilium-names.ts";
import { done, type UndoRunStep, waiting } from "../step.ts";
import { deploy, deployedWith } from "./install.ts";
import { nodeConfigGone, removeNodeConfigAndLabels } from "./remove-node-config.ts";

const undoNodeConfig: UndoRunStep = {
  id: "undo-node-config",
  title: "Remove the CiliumNodeConfig and the labels",
  timeoutMs: 10 * 60_000,
  observe: nodeConfigGone,
  apply: removeNodeConfigAndLabels,
};

const undoInstall: UndoRunStep = {
  id: "undo-install",
  title: "Uninstall Cilium",
  timeoutMs: 15 * 60_000,
  async observe({ ports }) {
    if (await ports.installer.release()) return waiting("the Helm release to go", "helm");
    const agents = (await ports.cilium.agents()).length;
    return agents === 0 ? done : waiting(`${agents} agents to stop`, "their DaemonSet's deletion");
  },
  async apply({ ports, signal }) {
    if (await ports.installer.release()) await ports.installer.uninstall(signal);
  },
};

/** helm uninstall leaves the taint behind, and then nothing schedules (cilium#31943). */
const undoClean: UndoRunStep = {
  id: "undo-clean",
  title: "Take Cilium's taint off the nodes",
  timeoutMs: 10 * 60_000,
  async observe({ ports }) {
    const tainted = (await ports.nodes.list()).filter(({ taints }) =>
      taints.some(({ key }) => key === agentNotReadyTaint),
    );
    return tainted.length === 0
      ? done
      : waiting(`the taint ${agentNotReadyTaint} on ${tainted.length} nodes`, "the engine");
  },
  async apply({ ports, log }) {
    const tainted = (await ports.nodes.list()).filter(({ taints }) =>
      taints.some(({ key }) => key === agentNotReadyTaint),
    );
    for (const { name } of tainted) await ports.nodes.removeTaint(name, agentNotReadyTaint);
    log(
      "info",
      "Cilium leaves on every node, and nobody looked: until its next restart links cilium_* and lxc*, routes, iptables chains, /run/cilium and BPF programs, also on the old CNI's device; for good /opt/cni/bin/cilium-cni and /etc/sysctl.d/99-zzz-override_cilium.conf (rp_filter = 0). In the API: its CRDs with what is in them, Lease kube-system/cilium-operator-resource-lock, the Node condition's reason CiliumIsUp",
    );
  },
};

const undoReport: UndoRunStep = {
  id: "undo-report",
  title: "Remove our probes and close the record",
  timeoutMs: 10 * 60_000,
  async observe({ ports }) {
    const left = (await ports.prober.pods()).length;
    return left === 0 ? done : waiting(`${left} probe pods to go`, "their DaemonSet's deletion");
  },
  apply: ({ ports }) => ports.prober.remove(),
};

/** With the final values every restarted agent takes its node over, labelled or not: back to the hybrid phase first. */
const undoUpgrade: UndoRunStep = {
  id: "undo-upgrade",
  title: "Give Cilium the values of the hybrid phase back",
  timeoutMs: 20 * 60_000,
  observe: (scope) => deployedWith(scope, scope.plan.values.initial),
  apply: (scope) => deploy(scope, scope.plan.values.initial),
};

/** What must be undone before the first node can go back. */
export const undoBeforeNodes: readonly UndoRunStep[] = [undoUpgrade];

/** The way back of the whole run, once every node is restored. */
export const undoAfterNodes: readonly UndoRunStep[] = [undoNodeConfig, undoInstall, undoClean, undoReport];
