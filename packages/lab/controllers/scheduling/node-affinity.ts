import { meets } from "../../label-selector.ts";
import type { Node, NodeSelectorTerm, PodSpec } from "../kinds.ts";

/** Whether nodeSelector and required node affinity allow the node. */
export function fitsNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => termFits(term, node));
}

/** An empty term fits nothing. */
export function termFits({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (!matchExpressions.length && !matchFields.length) return false;
  const fields = { "metadata.name": node.metadata.name };
  return (
    matchExpressions.every((row) => meets(row, node.metadata.labels ?? {})) &&
    matchFields.every((row) => meets(row, fields))
  );
}

/** The sum of the weights of the preferred terms that the node meets. */
export function preference(spec: PodSpec, node: Node): number {
  const terms = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.reduce((sum, { weight, preference: term }) => sum + (termFits(term, node) ? weight : 0), 0);
}

/** The one node that a DaemonSet's pod is meant for, by its matchFields affinity. */
export function pinnedNode({ affinity }: PodSpec): string | undefined {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const [term, ...others] = required?.nodeSelectorTerms ?? [];
  const row = term?.matchFields?.find(({ key, operator }) => key === "metadata.name" && operator === "In");
  return others.length ? undefined : row?.values?.[0];
}
