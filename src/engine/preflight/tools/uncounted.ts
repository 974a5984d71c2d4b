import type { ClusterFacts } from "../../model/facts.ts";
import { type Finding, warning } from "../check.ts";

/** Which checks rest on a list that preflight does without where it cannot be read. */
const restsOn: Readonly<Record<string, RegExp>> = {
  "budgets-blocked": /^poddisruptionbudgets\./,
  "budgets-shared": /^poddisruptionbudgets\./,
  "network-policies": /networkpolicies\./,
  "served-by-pods": /^(validating|mutating)webhookconfigurations\.|^apiservices\./,
};

/** What could not be counted is none the less there: no check is content because its list could not be read. */
export function orUncounted(check: string, found: Finding, { uncounted }: ClusterFacts): Finding {
  const lists = restsOn[check];
  const missing = uncounted.filter(({ list }) => lists?.test(list) === true);
  if (missing.length === 0 || found.level !== "ok") return found;
  return warning(
    `could not be counted: ${missing.map(({ list, why }) => `${list} (${why})`).join("; ")}`,
    "see why the API server does not list them, then run crossfade preflight again",
    missing.map(({ list }) => list),
  );
}
