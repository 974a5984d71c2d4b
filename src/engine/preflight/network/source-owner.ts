import type { WorkloadFacts } from "../../model/facts.ts";
import { isOfSource } from "../../model/plan/source-workloads.ts";
import { fullName } from "../../model/some-of.ts";
import { gitOpsOf } from "../../owners/gitops.ts";
import { type Check, ok, warning } from "../check.ts";

/** Label or annotation → who put it there and puts the object back when it is gone. */
const owners: Readonly<Record<string, string>> = {
  "argocd.argoproj.io/instance": "Argo CD",
  "argocd.argoproj.io/tracking-id": "Argo CD",
  "kustomize.toolkit.fluxcd.io/name": "Flux",
  "helm.toolkit.fluxcd.io/name": "Flux",
  "objectset.rio.cattle.io/id": "Rancher's deploy controller",
  "addonmanager.kubernetes.io/mode": "the addon manager",
  "meta.helm.sh/release-name": "the helm release",
};

/** Who is known to put this object back, as far as its marks tell. */
export function ownersOf({ labels, annotations, owners: references }: WorkloadFacts): readonly string[] {
  const marks = { ...labels, ...annotations };
  const byMark = Object.entries(owners).flatMap(([key, who]) =>
    marks[key] === undefined ? [] : [`${who} (${marks[key]})`],
  );
  return [...byMark, ...references.map((owner) => `an operator (${owner})`)];
}

/** Whoever owns the source's objects creates them again after they were removed, and two CNIs fight for new pods. */
export const sourceOwner: Check = {
  id: "source-owner",
  check({ facts, source, options }) {
    const found = facts.workloads.filter((workload) => isOfSource(source, workload));
    const owners = [...new Set(found.flatMap(ownersOf))];
    if (owners.length === 0) return ok("source-owner-unknown", { source: source.name });
    const gitOps = gitOpsOf(facts, source).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
    const params = { source: source.name, owners, gitOps };
    const code = options.freezeOwners && gitOps.length > 0 ? "source-owner-frozen" : "source-owned";
    return warning(code, params, found.map(fullName));
  },
};
