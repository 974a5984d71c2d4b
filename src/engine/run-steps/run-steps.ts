import type { RunStep, UndoRunStep } from "../model/step.ts";
import { check } from "./check.ts";
import { cleanNodes } from "./clean-nodes.ts";
import { install } from "./install.ts";
import { nodeConfig } from "./node-config.ts";
import { prepare } from "./prepare.ts";
import { removeNodeConfig } from "./remove-node-config.ts";
import { removeSource } from "./remove-source.ts";
import { report } from "./report.ts";
import { restartAgents } from "./restart-agents.ts";
import { restartOperator } from "./restart-operator.ts";
import { undoClean } from "./rollback-clean.ts";
import { undoInstall } from "./rollback-install.ts";
import { undoNodeConfig } from "./rollback-node-config.ts";
import { undoReport } from "./rollback-report.ts";
import { undoUpgrade } from "./rollback-upgrade.ts";
import { upgrade } from "./upgrade.ts";
import { prove } from "./verify-install.ts";

/** What a run does before the first node is moved. */
export const stepsBeforeNodes: readonly RunStep[] = [prepare, install, prove, nodeConfig];

/** What it does once every node is on Cilium. */
export const stepsAfterNodes: readonly RunStep[] = [
  upgrade,
  restartAgents,
  restartOperator,
  check,
  removeNodeConfig,
  removeSource,
  cleanNodes,
  report,
];

/** What must be undone before the first node can go back. */
export const undoBeforeNodes: readonly UndoRunStep[] = [undoUpgrade];

/** The way back of the whole run, once every node is restored. */
export const undoAfterNodes: readonly UndoRunStep[] = [undoNodeConfig, undoInstall, undoClean, undoReport];
