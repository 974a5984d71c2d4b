import { type Check, ok, warning } from "../check.ts";

/** Whoever made a namespace usually has every right in it: there lie the record, what is asked of a run, and the probe pods. */
export const ownNamespace: Check = {
  id: "own-namespace",
  title: "Namespace crossfade is ours",
  check({ facts: { ownNamespace: found } }) {
    if (found === "missing") return ok("Namespace crossfade is not there yet, and is made by the run");
    if (found === "ours") return ok("Namespace crossfade was made by Crossfade");
    if (found === "unknown")
      return warning(
        "Whether there is a namespace crossfade, and whose it is, could not be asked",
        "see it with: kubectl get namespace crossfade --show-labels",
        ["crossfade"],
      );
    return warning(
      "Namespace crossfade is there already and was not made by Crossfade: who may write in it can record a run, ask for pauses and exec into the probe pods",
      "see who may: kubectl -n crossfade get rolebindings -o wide; it is used as it is, and is not Crossfade's to delete",
      ["crossfade"],
    );
  },
};
