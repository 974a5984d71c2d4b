import type { NamespaceContents } from "../model/cluster/namespace-contents.ts";
import type { ObjectRef } from "../model/cluster/object-ref.ts";
import type { SourceFacts } from "../model/plan-types.ts";
import { fewOf } from "../model/some-of.ts";

/** What every namespace has, and nobody misses. */
const everywhere = new Set([
  "ConfigMap/kube-root-ca.crt",
  "ConfigMap/openshift-service-ca.crt",
  "ServiceAccount/default",
]);

/** What of a namespace's contents is neither the source's, nor ours, nor in every namespace; and what could not be looked at. */
export function foreignIn(
  { objects, unknown }: NamespaceContents,
  ofSource: readonly ObjectRef[],
): { readonly foreign: readonly string[]; readonly unknown: readonly string[] } {
  const own = new Set(ofSource.map(({ kind, name }) => `${kind}/${name}`));
  const foreign = objects.filter(({ kind, name, owners, serviceAccount, managedBy }) => {
    if (own.has(`${kind}/${name}`) || everywhere.has(`${kind}/${name}`) || managedBy === "crossfade") return false;
    if (kind === "Secret" && (serviceAccount === "default" || own.has(`ServiceAccount/${serviceAccount}`)))
      return false;
    return owners.length === 0 || !owners.every((owner) => own.has(owner));
  });
  return { foreign: foreign.map(({ kind, name }) => `${kind} ${name}`), unknown };
}

/** A plan is recorded in one object of the cluster, so it names no more than this. */
const mostKeepers = 20;

/**
 * Whether a namespace that a source brings along may go with it. One list that fails decides nothing: what was not listed is
 * asked again right before the namespace would go.
 */
export function namespaceGoes(
  contents: NamespaceContents | undefined,
  ofSource: readonly ObjectRef[],
): Pick<SourceFacts, "ownsNamespace" | "namespaceKeepers"> {
  if (!contents) return { ownsNamespace: false, namespaceKeepers: ["its contents, which were not looked at"] };
  const { foreign, unknown } = foreignIn(contents, ofSource);
  const keepers = [...foreign, ...unknown.map((what) => `${what}, not listed`)];
  return { ownsNamespace: foreign.length === 0, namespaceKeepers: fewOf(keepers, mostKeepers) };
}
