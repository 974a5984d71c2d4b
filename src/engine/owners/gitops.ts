import type { ClusterFacts, WorkloadFacts } from "../model/facts.ts";
import type { FrozenOwner } from "../model/plan/frozen-owner.ts";
import { isOfSource } from "../model/plan/source-workloads.ts";
import type { SourceFacts } from "../model/plan-types.ts";

/** As Kubernetes names objects: a label can hold more than a name can. */
const aName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

type Facts = Pick<ClusterFacts, "workloads" | "apiGroups">;

/** The group's version that the API server serves first; null where it serves none. */
function served({ apiGroups }: Facts, group: string): string | null {
  const [version] = apiGroups[group] ?? [];
  return version === undefined ? null : `${group}/${version}`;
}

/** Applications are where Argo CD's controller is, unless they name a namespace of their own. */
const argoNamespace = ({ workloads }: Facts) =>
  workloads.find(({ name }) => name.endsWith("argocd-application-controller"))?.namespace ?? "argocd";

/** Its tracking id begins with the application: NAME, or NAMESPACE_NAME, before a colon. */
function applicationOf({ labels, annotations }: WorkloadFacts): { namespace: string | null; name: string } | null {
  const tracked = /^(?:([a-z0-9-]+)_)?([a-z0-9.-]+):/.exec(annotations["argocd.argoproj.io/tracking-id"] ?? "");
  if (tracked) return { namespace: tracked[1] ?? null, name: tracked[2] ?? "" };
  const name = labels["argocd.argoproj.io/instance"];
  return name === undefined ? null : { namespace: null, name };
}

function argo(facts: Facts, workload: WorkloadFacts): readonly FrozenOwner[] {
  const apiVersion = served(facts, "argoproj.io");
  const found = applicationOf(workload);
  if (apiVersion === null || found === null) return [];
  const namespace = found.namespace ?? argoNamespace(facts);
  return [{ apiVersion, kind: "Application", namespace, name: found.name, ofSource: true }];
}

const fluxKinds = [
  ["kustomize.toolkit.fluxcd.io", "Kustomization"],
  ["helm.toolkit.fluxcd.io", "HelmRelease"],
] as const;

function flux(facts: Facts, { labels }: WorkloadFacts): readonly FrozenOwner[] {
  return fluxKinds.flatMap(([group, kind]) => {
    const apiVersion = served(facts, group);
    const [namespace, name] = [labels[`${group}/namespace`], labels[`${group}/name`]];
    if (apiVersion === null || namespace === undefined || name === undefined) return [];
    return [{ apiVersion, kind, namespace, name, ofSource: true }];
  });
}

/** Which objects of GitOps tools apply the source's workloads again and again, as far as their marks tell. */
export function gitOpsOf(facts: Facts, source: SourceFacts): readonly FrozenOwner[] {
  const own = facts.workloads.filter((workload) => isOfSource(source, workload));
  const found = own.flatMap((workload) => [...argo(facts, workload), ...flux(facts, workload)]);
  const named = found.filter(({ namespace, name }) => aName.test(namespace) && aName.test(name));
  return [...new Map(named.map((owner) => [`${owner.kind} ${owner.namespace}/${owner.name}`, owner])).values()];
}
