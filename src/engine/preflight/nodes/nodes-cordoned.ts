import { isOwnCordon } from "../../plan/own-cordon.ts";
import { type Check, few, ok, some, warning } from "../check.ts";

/** A node that somebody cordoned is moved too, and stays cordoned: only what we cordoned is uncordoned. */
export const nodesCordoned: Check = {
  id: "nodes-cordoned",
  check({ facts: all, moving: facts }) {
    const cordoned = facts.nodes.filter((node) => node.cordoned).map(({ name }) => name);
    const own = all.nodes.filter(isOwnCordon).map(({ name }) => name);
    if (cordoned.length > 0) return warning("nodes-cordoned", some(cordoned), cordoned);
    return own.length === 0 ? ok() : ok("nodes-cordoned-by-us", few(own), own);
  },
};
