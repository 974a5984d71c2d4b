import type { LeftOnNode } from "../engine/leftovers.ts";

/** What a node was found to hold once it was cleaned: "nothing" only of what was looked at. */
export function leftWords({ left, unseen, looked }: LeftOnNode): string {
  const found = left.length > 0 ? `left: ${left.join("; ")}` : `nothing of the old CNI is left in ${looked.join(", ")}`;
  return unseen.length === 0 ? found : `${found}; not looked at: ${unseen.join("; ")}`;
}
