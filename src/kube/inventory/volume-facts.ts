import type { LabelSelector, LocalVolumeFacts } from "../../engine/model/facts.ts";
import { at, list, text, texts } from "../objects/read.ts";

/** A term by matchFields can only name the node; labels say the same by the one that every kubelet sets. */
const labelOf: Readonly<Record<string, string>> = { "metadata.name": "kubernetes.io/hostname" };

function selectorOf(term: unknown): LabelSelector {
  const rows = [...list(at(term, "matchExpressions")), ...list(at(term, "matchFields"))];
  return {
    matchExpressions: rows.map((row) => {
      const key = text(at(row, "key"));
      return { key: labelOf[key] ?? key, operator: text(at(row, "operator")), values: texts(at(row, "values")) };
    }),
  };
}

/** A bound PersistentVolume that some nodes cannot mount; null for every other. */
export function localVolumeFacts(volume: unknown): LocalVolumeFacts | null {
  const terms = list(at(volume, "spec", "nodeAffinity", "required", "nodeSelectorTerms"));
  const claim = at(volume, "spec", "claimRef");
  if (terms.length === 0 || text(at(claim, "name")) === "") return null;
  return {
    name: text(at(volume, "metadata", "name")),
    claim: `${text(at(claim, "namespace"))}/${text(at(claim, "name"))}`,
    nodes: terms.map(selectorOf),
  };
}
