import { agentCrashLoops } from "./nodes/agent-crash-loops.ts";
import { apiAwayInReboot } from "./nodes/api-away-in-reboot.ts";
import { cniFileLost } from "./nodes/cni-file-lost.ts";
import { cordonedByOthers } from "./nodes/cordoned-by-others.ts";
import { execSlow } from "./nodes/exec-slow.ts";
import { nodeBackNewAddress } from "./nodes/node-back-new-address.ts";
import { nodeBackNotReady } from "./nodes/node-back-not-ready.ts";
import { nodeBackSameBoot } from "./nodes/node-back-same-boot.ts";
import { nodeJoins } from "./nodes/node-joins.ts";
import { nodeJoinsLate } from "./nodes/node-joins-late.ts";
import { nodeNeverReturns } from "./nodes/node-never-returns.ts";
import { nodeVanishes } from "./nodes/node-vanishes.ts";
import { oldAddressAgain } from "./nodes/old-address-again.ts";
import { uncordonedForEver } from "./nodes/uncordoned-for-ever.ts";
import { uncordonedInMidMove } from "./nodes/uncordoned-in-mid-move.ts";
import type { Scenario } from "./scenario.ts";
import { gitopsPrunesNodeConfig } from "./workloads/gitops-prunes-node-config.ts";
import { gitopsRestoresSource } from "./workloads/gitops-restores-source.ts";

/** Nodes, and what runs them, that misbehave. */
export const nodeScenarios: readonly Scenario[] = [
  nodeNeverReturns,
  nodeBackSameBoot,
  nodeBackNotReady,
  nodeBackNewAddress,
  nodeVanishes,
  agentCrashLoops,
  cniFileLost,
  oldAddressAgain,
  uncordonedInMidMove,
  uncordonedForEver,
  cordonedByOthers,
  nodeJoins,
  nodeJoinsLate,
  gitopsRestoresSource,
  gitopsPrunesNodeConfig,
  apiAwayInReboot,
  execSlow,
];
