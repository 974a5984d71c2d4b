import { agentNeedsOldCni } from "./nodes/agent-needs-old-cni.ts";
import { kubeletSilentInDrain } from "./nodes/kubelet-silent-in-drain.ts";
import type { Scenario } from "./scenario.ts";
import { barePod } from "./workloads/bare-pod.ts";
import { budgetAllowsNone } from "./workloads/budget-allows-none.ts";
import { budgetsOverlap } from "./workloads/budgets-overlap.ts";
import { dataInEmptyDir } from "./workloads/data-in-empty-dir.ts";
import { evictionDenied } from "./workloads/eviction-denied.ts";
import { evictionWebhookDown } from "./workloads/eviction-webhook-down.ts";
import { jobAtWork } from "./workloads/job-at-work.ts";
import { localVolume } from "./workloads/local-volume.ts";
import { noRoomElsewhere } from "./workloads/no-room-elsewhere.ts";
import { podIgnoresSigterm } from "./workloads/pod-ignores-sigterm.ts";
import { podKeptByFinalizer } from "./workloads/pod-kept-by-finalizer.ts";

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
