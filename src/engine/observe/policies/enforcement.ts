import type { JsonObject, Plan } from "../../model/plan-types.ts";
import type { RunScope } from "../../model/step.ts";
import { ciliumKinds, enforcedKinds, kubernetesKind } from "../../policies/enforced-kinds.ts";

/** Names of what the values below and these of the chart say. */
const value = "policyEnforcementMode";

const modeIn = (values: JsonObject): string => {
  const mode = values[value];
  return typeof mode === "string" ? mode : "default";
};

/** What policies are to do in the end: "default", or what the user's values say. */
export const wantedMode = ({ values }: Pick<Plan, "values">): string => modeIn(values.final);

/** The final values as long as no policy is to be in force. */
export const valuesUnenforced = ({ values }: Plan): JsonObject => ({ ...values.final, [value]: "never" });

/** Whether Cilium's release has its agents enforce nothing; null where there is no release. */
export async function enforcesNothing({ ports }: Pick<RunScope, "ports">): Promise<boolean | null> {
  const values = await ports.installer.values();
  return values === null ? null : modeIn(values) === "never";
}

/** Policies of all kinds that Cilium enforces, as they are now. */
export async function policiesNow({ ports }: Pick<RunScope, "ports">): Promise<{
  readonly kubernetes: readonly JsonObject[];
  readonly cilium: readonly JsonObject[];
}> {
  const kubernetes = await ports.objects.all(kubernetesKind);
  const cilium = await Promise.all(ciliumKinds.map((kind) => ports.objects.all(kind)));
  return { kubernetes, cilium: cilium.flat() };
}

/** No policy would be in force: then agents need no restart of its own to begin with it, and nothing could be refused. */
export async function nothingToEnforce({ ports, plan }: Pick<RunScope, "ports" | "plan">): Promise<boolean> {
  if (wantedMode(plan) === "never") return true;
  if (wantedMode(plan) === "always") return false;
  for (const kind of enforcedKinds) if ((await ports.objects.all(kind)).length > 0) return false;
  return true;
}
