import { parseVersion } from "../../values/version.ts";
import { blocker, type Check, ok } from "../check.ts";

/** Cilium is a helm chart, and helm's command line differs between its majors. */
export const helmPresent: Check = {
  id: "helm-present",
  title: "helm is installed",
  check({ facts }) {
    if (facts.helmVersion === null) {
      return blocker(
        "helm was not found, and Cilium is installed with it",
        "install helm 3 or 4 (https://helm.sh/docs/intro/install) and put it on the PATH",
      );
    }
    const version = parseVersion(facts.helmVersion);
    if (version && (version.major === 3 || version.major === 4)) return ok(`helm ${facts.helmVersion}`);
    return blocker(`helm ${facts.helmVersion} is neither 3 nor 4`, "install helm 3 or 4 and put it on the PATH");
  },
};
