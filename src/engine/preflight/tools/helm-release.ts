import { ciliumRelease, isPending } from "../../plan/existing-cilium.ts";
import { blocker, type Check, ok } from "../check.ts";

/** helm refuses every command on a release that another helm left unfinished. */
export const helmRelease: Check = {
  id: "helm-release",
  title: "No pending Helm release of Cilium",
  check({ facts }) {
    const release = ciliumRelease(facts);
    if (!release || !isPending(release)) return ok("No helm release of Cilium is unfinished");
    const { name, namespace, revision, status } = release;
    const way =
      revision <= 1 || status === "uninstalling"
        ? `helm uninstall ${name} -n ${namespace}`
        : `helm rollback ${name} ${revision - 1} -n ${namespace}`;
    return blocker(
      `The helm release ${name} is ${status}: another helm is at work, or was killed`,
      `wait for it; if none runs any more: ${way}`,
      [`${namespace}/${name}`],
    );
  },
};
