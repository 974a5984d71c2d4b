import type { ClusterFacts } from "../../model/facts.ts";
import type { CiliumTarget } from "../../model/plan-types.ts";
import { fullName } from "../../model/some-of.ts";
import { covers, parseCidr } from "../../net/cidr.ts";
import { existingCilium, foreignNodeConfigs, labelledNodes } from "../../plan/existing-cilium.ts";
import { blocker, type Check, type CheckInput, type Finding, few, ok, some, warning } from "../check.ts";

/** Ranges that nodes keep from an earlier Cilium; a node never gives up a range by itself. */
function staleRanges({ ciliumNodes }: ClusterFacts, { podCidr }: CiliumTarget): readonly string[] {
  const pool = parseCidr(podCidr);
  return ciliumNodes
    .filter(({ podCidrs }) =>
      podCidrs.some((text) => {
        const cidr = parseCidr(text);
        return cidr !== null && pool !== null && !covers(pool, cidr);
      }),
    )
    .map(({ name, podCidrs }) => `${name} (${podCidrs.join(", ")})`);
}

/** Nodes that would change hands at the next restart of their agent, drained or not. */
function labelledEarly(facts: ClusterFacts): Finding {
  const labelled = labelledNodes(facts);
  return labelled.length === 0 ? ok() : blocker("nodes-labelled-early", some(labelled), labelled);
}

function leftovers({ facts, target }: CheckInput): Finding {
  const stale = staleRanges(facts, target);
  if (stale.length > 0) return blocker("cilium-node-ranges-left", { cidr: target.podCidr, ...few(stale) }, stale);
  const early = labelledEarly(facts);
  return early.level === "ok" ? warning("cilium-crds-left", {}) : early;
}

function secondary({ facts, source, target, options }: CheckInput): Finding {
  const cidr = target.podCidr;
  const stale = staleRanges(facts, target);
  if (stale.length > 0) return blocker("cilium-node-ranges-kept", { cidr, ...few(stale) }, stale);
  const moved = labelledNodes(facts);
  const { version } = target;
  const asked = options.ciliumVersion === version ? null : options.ciliumVersion;
  return warning("cilium-secondary", { version, asked, source: source.name, cidr, ...some(moved) }, moved);
}

/** Which of the ways in which a Cilium may be there already can be continued. */
export const existingCiliumCheck: Check = {
  id: "existing-cilium",
  check(input) {
    const existing = existingCilium(input.facts);
    if (existing.kind === "unusable") return { level: "blocker", reason: existing.reason, objects: [] };
    const foreign = foreignNodeConfigs(input.facts).map(fullName);
    if (foreign.length > 0) return blocker("cilium-node-configs-foreign", few(foreign), foreign);
    switch (existing.kind) {
      case "none":
        return labelledEarly(input.facts);
      case "leftovers":
        return leftovers(input);
      case "release-only": {
        const { name, status, namespace } = existing.release;
        return warning("cilium-release-without-agents", { status, release: name, namespace });
      }
      case "secondary":
        return secondary(input);
      default:
        return existing satisfies never;
    }
  },
};
