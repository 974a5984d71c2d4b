import { agentNeedsOldCni } from "./agent-needs-old-cni.ts";
import { barePod } from "./bare-pod.ts";
import { budgetAllowsNone } from "./budget-allows-none.ts";
import { budgetsOverlap } from "./budgets-overlap.ts";
import { dataInEmptyDir } from "./data-in-empty-dir.ts";
import { evictionDenied } from "./eviction-denied.ts";
import { evictionWebhookDown } from "./eviction-webhook-down.ts";
import { jobAtWork } from "./job-at-work.ts";
import { kubeletSilentInDrain } from "./kubelet-silent-in-drain.ts";
import { localVolume } from "./local-volume.ts";
import { noRoomElsewhere } from "./no-room-elsewhere.ts";
import { podIgnoresSigterm } from "./pod-ignores-sigterm.ts";
import { podKeptByFinalizer } from "./pod-kept-by-finalizer.ts";
import type { Scenario } from "./scenario.ts";

/** Workloads that do not let themselves be moved, or do not bear it. */
export const workloadScenarios: readonly Scenario[] = [
  budgetAllowsNone,
  budgetsOverlap,
  evictionDenied,
  evictionWebhookDown,
  barePod,
  dataInEmptyDir,
  localVolume,
  podKeptByFinalizer,
  podIgnoresSigterm,
  kubeletSilentInDrain,
  jobAtWork,
  noRoomElsewhere,
  agentNeedsOldCni,
];
