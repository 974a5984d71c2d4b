import type { sourceWaits } from "../engine/model/reasons/source-waits.ts";
import { someOf } from "../engine/model/some-of.ts";
import type { SayersOf } from "./said.ts";

export const sourceWords: SayersOf<keyof typeof sourceWaits> = {
  "source-object": ({ object, field, value }) => ({
    text: `${object} to have ${value === null ? `no ${field}` : `${field}: ${value}`}`,
    clearedBy: "the API server",
  }),
  "source-setting-undone": ({ object, field, value, found, fix }) => ({
    text: `${object} to have ${field}: ${value} again, ${found === "" ? "and it is not set any more" : `and it was changed to ${found} since`}: with it the old CNI's daemon may take Cilium's link for its node's address, and nodes lose each other`,
    clearedBy: "the person or the tool that changed it",
    remedy: `put it right, in the manifest in git as well: ${fix}`,
  }),
  "node-addresses-wrong": ({ annotation, nodes, more }) => ({
    text: `annotation ${annotation} to be an InternalIP of its node, which it is not on ${someOf(nodes, 3, more)}: until then the old network finds these nodes at the wrong address`,
    clearedBy: "the old CNI's daemon, within a minute of a right setting of its address detection",
    remedy: "see the log of the old CNI's pod on that node for how it detects its address",
  }),
  "operator-not-ready": ({ name, taint }) => ({
    text: `Deployment ${name} to have a Ready replica: it alone removes the taint ${taint} that the old CNI leaves`,
    clearedBy: "the Deployment",
    remedy: `see why no pod of ${name} is Ready`,
  }),
  "network-unavailable-left": ({ nodes, more, taint, why, operators }) => ({
    text: `condition NetworkUnavailable and taint ${taint} to go from ${someOf(nodes, 3, more)}${why === "" ? "" : ` (${why})`}: no new pod is scheduled there`,
    clearedBy: operators === 0 ? "cilium-operator, of which no replica is Ready" : "cilium-operator",
  }),
};
