import type { RollbackRunStep, RunStep } from "../model/step.ts";
import { check } from "./check.ts";
import { cleanNodes } from "./clean-nodes.ts";
import { enforcePolicies } from "./enforce-policies.ts";
import { install } from "./install.ts";
import { nodeConfig } from "./node-config.ts";
import { prepare } from "./prepare.ts";
import { removeNodeConfig } from "./remove-node-config.ts";
import { removeSource } from "./remove-source.ts";
import { report } from "./report.ts";
import { restartAgents } from "./restart-agents.ts";
import { restartOperator } from "./restart-operator.ts";
import { rollbackClean } from "./rollback-clean.ts";
import { rollbackEnforcePolicies } from "./rollback-enforce-policies.ts";
import { rollbackInstall } from "./rollback-install.ts";
import { rollbackNodeConfig } from "./rollback-node-config.ts";
import { rollbackReport } from "./rollback-report.ts";
import { rollbackUpgrade } from "./rollback-upgrade.ts";
import { saveSource } from "./save-source.ts";
import { upgrade } from "./upgrade.ts";
import { verifyInstall } from "./verify-install.ts";
import { watchPolicyDrops } from "./watch-drops.ts";

/** What a run does before the first node is moved. */
export const stepsBeforeNodes: readonly RunStep[] = [prepare, install, verifyInstall, nodeConfig];

/** What it does once every node is on Cilium. */
export const stepsAfterNodes: readonly RunStep[] = [
  upgrade,
  restartAgents,
  restartOperator,
  check,
  enforcePolicies,
  watchPolicyDrops,
  removeNodeConfig,
  saveSource,
  removeSource,
  cleanNodes,
  report,
];

/** What must be undone before the first node can go back. */
export const rollbackBeforeNodes: readonly RollbackRunStep[] = [rollbackEnforcePolicies, rollbackUpgrade];

/** The way back of the whole run, once every node is restored. */
export const rollbackAfterNodes: readonly RollbackRunStep[] = [
  rollbackNodeConfig,
  rollbackInstall,
  rollbackClean,
  rollbackReport,
];
