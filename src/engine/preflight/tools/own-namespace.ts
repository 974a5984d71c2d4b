import { type Check, ok, warning } from "../check.ts";

/** Whoever made a namespace usually has every right in it: there lie the record, what is asked of a run, and the probe pods. */
export const ownNamespace: Check = {
  id: "own-namespace",
  check({ facts: { ownNamespace: found } }) {
    if (found === "missing") return ok("namespace-missing", {});
    if (found === "ours") return ok();
    return warning(found === "unknown" ? "namespace-unknown" : "namespace-of-others", {}, ["crossfade"]);
  },
};
