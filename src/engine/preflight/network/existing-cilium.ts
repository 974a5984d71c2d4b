import type { ClusterFacts } from "../../model/facts.ts";
import type { CiliumTarget } from "../../model/plan-types.ts";
import { counted, fullName, someOf } from "../../model/some-of.ts";
import { covers, parseCidr } from "../../net/cidr.ts";
import { existingCilium, foreignNodeConfigs, labelledNodes } from "../../plan/existing-cilium.ts";
import { blocker, type Check, type CheckInput, type Finding, ok, warning } from "../check.ts";

const unlabel = "kubectl label node NODE io.cilium.migration/cilium-default-";

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
  if (labelled.length === 0) return ok("No Cilium is installed");
  return blocker(
    `${counted(labelled.length, "node")} with the label that hands nodes to Cilium (${someOf(labelled)}) would be taken over undrained`,
    unlabel,
    labelled,
  );
}

function leftovers({ facts, target }: CheckInput): Finding {
  const stale = staleRanges(facts, target);
  if (stale.length > 0) {
    return blocker(
      `CiliumNodes of an earlier Cilium keep ranges outside of ${target.podCidr}: ${someOf(stale)}`,
      "kubectl delete ciliumnodes --all, then run crossfade again",
      stale,
    );
  }
  const early = labelledEarly(facts);
  if (early.level !== "ok") return early;
  return warning(
    "CRDs of an earlier Cilium are left; they are used again",
    "kubectl get crds | grep cilium.io, to look at them",
  );
}

function secondary({ facts, source, target, options }: CheckInput): Finding {
  const stale = staleRanges(facts, target);
  if (stale.length > 0) {
    return blocker(
      `Nodes have ranges outside of ${target.podCidr}: ${someOf(stale)}`,
      "leave --pod-cidr away: Cilium keeps the pool that it has",
      stale,
    );
  }
  const moved = labelledNodes(facts);
  const asked =
    options.ciliumVersion === target.version ? "" : ` (not ${options.ciliumVersion}: a migration is no upgrade)`;
  const nodes =
    moved.length === 0
      ? ""
      : `; ${counted(moved.length, "node")} handed over already (${someOf(moved)}): drained and proved like the others`;
  return warning(
    `Cilium ${target.version} is installed beside ${source.name} already${asked}: the run goes on with it and its pool ${target.podCidr}${nodes}`,
    "compare its values with: crossfade plan --values DIR",
    moved,
  );
}

/** Which of the ways in which a Cilium may be there already can be continued. */
export const existingCiliumCheck: Check = {
  id: "existing-cilium",
  title: "Existing Cilium installation",
  check(input) {
    const existing = existingCilium(input.facts);
    if (existing.kind === "unusable") return blocker(existing.because, existing.remedy);
    const foreign = foreignNodeConfigs(input.facts).map(fullName);
    if (foreign.length > 0) {
      return blocker(
        `CiliumNodeConfig ${someOf(foreign)} hands nodes over by rules of its own`,
        "kubectl delete ciliumnodeconfig -n NAMESPACE NAME",
        foreign,
      );
    }
    switch (existing.kind) {
      case "none":
        return labelledEarly(input.facts);
      case "leftovers":
        return leftovers(input);
      case "release-only":
        return warning(
          `The helm release ${existing.release.name} (${existing.release.status}) has no agents; it is installed again`,
          `helm history ${existing.release.name} -n ${existing.release.namespace}, to see why`,
        );
      case "secondary":
        return secondary(input);
      default:
        return existing satisfies never;
    }
  },
};
