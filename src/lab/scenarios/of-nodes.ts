import { agentCrashLoops } from "./agent-crash-loops.ts";
import { apiAwayInReboot } from "./api-away-in-reboot.ts";
import { cniFileLost } from "./cni-file-lost.ts";
import { cordonedByOthers } from "./cordoned-by-others.ts";
import { execSlow } from "./exec-slow.ts";
import { gitopsPrunesNodeConfig } from "./gitops-prunes-node-config.ts";
import { gitopsRestoresSource } from "./gitops-restores-source.ts";
import { nodeBackNewAddress } from "./node-back-new-address.ts";
import { nodeBackNotReady } from "./node-back-not-ready.ts";
import { nodeBackSameBoot } from "./node-back-same-boot.ts";
import { nodeJoins } from "./node-joins.ts";
import { nodeJoinsLate } from "./node-joins-late.ts";
import { nodeNeverReturns } from "./node-never-returns.ts";
import { nodeVanishes } from "./node-vanishes.ts";
import { oldAddressAgain } from "./old-address-again.ts";
import type { Scenario } from "./scenario.ts";
import { uncordonedForEver } from "./uncordoned-for-ever.ts";
import { uncordonedInMidMove } from "./uncordoned-in-mid-move.ts";

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
