import type { RunStep } from "../model/step.ts";
import { check } from "./check.ts";
import { cleanNodes } from "./clean-nodes.ts";
import { install } from "./install.ts";
import { nodeConfig } from "./node-config.ts";
import { prepare } from "./prepare.ts";
import { removeNodeConfig } from "./remove-node-config.ts";
import { removeSource } from "./remove-source.ts";
import { report } from "./report.ts";
import { restartAgents, restartOperator } from "./restart.ts";
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
