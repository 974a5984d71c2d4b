import type { ClusterFacts } from "../../model/facts.ts";
import type { CheckId } from "../../model/reasons/findings.ts";
import { type Finding, warning } from "../check.ts";

/** Which checks rest on a list that preflight does without where it cannot be read. */
const restsOn: { readonly [C in CheckId]?: RegExp } = {
  "budgets-blocked": /^poddisruptionbudgets\./,
  "budgets-shared": /^poddisruptionbudgets\./,
  "network-policies": /networkpolicies\./,
  "served-by-pods": /^(validating|mutating)webhookconfigurations\.|^apiservices\./,
};

/** What could not be counted is none the less there: no check is content because its list could not be read. */
export function orUncounted(check: CheckId, found: Finding, { uncounted }: ClusterFacts): Finding {
  const lists = restsOn[check];
  const missing = uncounted.filter(({ list }) => lists?.test(list) === true);
  if (missing.length === 0 || found.level !== "ok") return found;
  const unread = missing.map(({ list, why }) => `${list} (${why})`);
  return warning(
    "lists-not-counted",
    { lists: unread },
    missing.map(({ list }) => list),
  );
}
