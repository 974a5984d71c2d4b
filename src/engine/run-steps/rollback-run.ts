import { done, type UndoRunStep, waiting } from "../model/step.ts";
import { deploy, deployedWith } from "./install.ts";
import { nodeConfigGone, removeNodeConfigAndLabels } from "./remove-node-config.ts";
import { undoClean } from "./rollback-clean.ts";

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
