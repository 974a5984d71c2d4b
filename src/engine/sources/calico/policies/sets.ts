import type { ClusterFacts } from "../../../model/facts.ts";
import { textsIn } from "../../../policies/json-in.ts";
import type { NetSet } from "./evaluate.ts";
import { objectsOf } from "./rules.ts";

/** Sets of nets that rules select by label, those of all namespaces first. */
export const setsOf = (objects: ClusterFacts["sourceObjects"]): readonly NetSet[] =>
  (["globalnetworksets", "networksets"] as const).flatMap((resource) =>
    objectsOf(objects, resource).map(({ metadata, spec }) => ({
      name: metadata.name,
      namespace: resource === "networksets" ? (metadata.namespace ?? "default") : null,
      labels: metadata.labels,
      nets: textsIn(spec["nets"]),
    })),
  );
