import type { LeftOnNode } from "../../engine/model/cluster/leftovers.ts";

const owners: Readonly<Record<LeftOnNode["of"], string>> = { source: "the old CNI", cilium: "Cilium" };

/** What a node was found to hold once it was cleaned: "nothing" only of what was looked at. */
export function leftWords({ of, left, unseen, looked }: LeftOnNode): string {
  const found =
    left.length > 0
      ? `left of ${owners[of]}: ${left.join("; ")}`
      : `nothing of ${owners[of]} is left in ${looked.join(", ")}`;
  return unseen.length === 0 ? found : `${found}; not looked at: ${unseen.join("; ")}`;
}
