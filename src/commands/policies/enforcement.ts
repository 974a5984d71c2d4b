import type { JsonObject } from "../../engine/model/plan-types.ts";
import type { Ports } from "../../engine/model/ports/ports.ts";
import { objectIn, textIn } from "../../engine/policies/json-in.ts";

export type Enforcement = "never" | "default" | "always";

const configMap = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "cilium-config" };

/** What Cilium's agents are told to enforce when they start; null where its configuration is not there. */
export async function enforcementOf({ objects }: Pick<Ports, "objects">): Promise<Enforcement | null> {
  const found: JsonObject | null = await objects.get(configMap);
  if (found === null) return null;
  const mode = textIn(objectIn(found["data"])["enable-policy"]).toLowerCase();
  return mode === "never" || mode === "always" ? mode : "default";
}

/** When policies of Cilium's kinds begin to count, in a sentence. */
export const whenTheyCount: Readonly<Record<Enforcement, string>> = {
  never:
    "Cilium enforces no policies yet (its policy enforcement mode is never): they begin to count when the migration is finalized.",
  default: "Cilium enforces policies already (mode default): they count as soon as they are applied.",
  always: "Cilium enforces policies already (mode always): they count as soon as they are applied.",
};
