import { counted, someOf } from "../../model/some-of.ts";
import { isOwnCordon } from "../../plan/own-cordon.ts";
import { type Check, ok, warning } from "../check.ts";

/** A node that somebody cordoned is moved too, and stays cordoned: only what we cordoned is uncordoned. */
export const nodesCordoned: Check = {
  id: "nodes-cordoned",
  title: "Cordoned nodes",
  check({ facts: all, moving: facts }) {
    const cordoned = facts.nodes.filter((node) => node.cordoned).map(({ name }) => name);
    const own = all.nodes.filter(isOwnCordon).map(({ name }) => name);
    if (cordoned.length === 0)
      return own.length === 0
        ? ok("No node is cordoned")
        : ok(`${someOf(own)}: cordoned by an engine of an earlier run, which a new run takes back`, own);
    return warning(
      `${counted(cordoned.length, "node")} ${cordoned.length === 1 ? "is" : "are"} cordoned (${someOf(cordoned)}), moved like the others, and left cordoned`,
      "uncordon them first if the other nodes need their room: kubectl uncordon NODE",
      cordoned,
    );
  },
};
