import { operatorAwayInRemoval } from "./policies/operator-away-in-removal.ts";
import { policies } from "./policies/policies.ts";
import { sourceSettingsUndone } from "./policies/source-settings-undone.ts";
import { tunnelDropped } from "./policies/tunnel-dropped.ts";
import type { Scenario } from "./scenario.ts";

/** Policies, and settings of both networks that somebody changes in mid-run. */
export const policyScenarios: readonly Scenario[] = [
  policies,
  tunnelDropped,
  sourceSettingsUndone,
  operatorAwayInRemoval,
];
