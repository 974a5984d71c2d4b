import { nodeAnnotation, recordName, recordPlace } from "../../engine/model/cluster/record-place.ts";
import type { SayersOf } from "../said.ts";

type Node = string | null;

/** Removing it is the last resort, so it is said what that does. */
const removal = (node: Node): string =>
  node === null
    ? `kubectl -n crossfade delete configmap ${recordName} forgets the run, and a new one is planned from what the cluster shows`
    : `kubectl annotate node ${node} ${nodeAnnotation}- has it moved from its first step again (uncordon it first if crossfade cordoned it)`;

const trouble = (node: Node, what: string, remedy: string) => ({
  text: `The record in ${recordPlace(node)} ${what}.`,
  clearedBy: "",
  remedy,
});

/** What is to be put back goes first: what is left of it then can be accepted. */
const accepting = (kept: readonly string[], does: string): string =>
  kept.length > 0
    ? `put ${kept.join(", ")} back as it was: that cannot be changed under a run`
    : `crossfade repair shows what is wrong; with --accept it ${does} as it is now`;

/** A record on the cluster that cannot be believed. */
export const recordWords: SayersOf<
  | "record-damaged"
  | "record-newer"
  | "record-edited"
  | "record-unsealed"
  | "record-of-other-node"
  | "record-of-other-run"
> = {
  "record-damaged": ({ node, what }) =>
    trouble(node, `is damaged: ${what}`, `put it back as it was, or: ${removal(node)}`),
  "record-newer": ({ node, version }) =>
    trouble(
      node,
      `is of version ${version}, and this crossfade knows version 1`,
      "use the newer crossfade that wrote it",
    ),
  "record-edited": ({ node, fields, kept }) =>
    trouble(node, `was edited by hand: ${fields.join(", ")}`, accepting(kept, "makes the record valid")),
  "record-unsealed": ({ node, kept }) =>
    trouble(node, "has no seal: whether it was edited cannot be told", accepting(kept, "seals the record")),
  "record-of-other-node": ({ node, other }) => trouble(node, `is that of another node, ${other}`, removal(node)),
  "record-of-other-run": ({ node, begun }) =>
    trouble(node, `is of another run, begun ${new Date(begun).toISOString()}`, removal(node)),
};
