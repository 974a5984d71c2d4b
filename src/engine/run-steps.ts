import { check } from "./run-steps/check.ts";
import { cleanNodes } from "./run-steps/clean-nodes.ts";
import { install } from "./run-steps/install.ts";
import { nodeConfig } from "./run-steps/node-config.ts";
import { prepare } from "./run-steps/prepare.ts";
import { prove } from "./run-steps/prove.ts";
import { removeNodeConfig } from "./run-steps/remove-node-config.ts";
import { removeSource } from "./run-steps/remove-source.ts";
import { report } from "./run-steps/report.ts";
import { restartAgents, restartOperator } from "./run-steps/restart.ts";
import { upgrade } from "./run-steps/upgrade.ts";
import type { RunStep } from "./step.ts";

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
