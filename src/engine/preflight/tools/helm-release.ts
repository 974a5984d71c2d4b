import { ciliumRelease, isPending } from "../../plan/existing-cilium.ts";
import { blocker, type Check, ok } from "../check.ts";

/** helm refuses every command on a release that another helm left unfinished. */
export const helmRelease: Check = {
  id: "helm-release",
  check({ facts }) {
    const release = ciliumRelease(facts);
    if (!release || !isPending(release)) return ok();
    const { name, namespace, revision, status } = release;
    const rollback = revision <= 1 || status === "uninstalling" ? null : revision - 1;
    return blocker("helm-release-pending", { release: name, namespace, status, rollback }, [`${namespace}/${name}`]);
  },
};
