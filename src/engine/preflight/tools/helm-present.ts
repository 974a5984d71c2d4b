import { parseVersion } from "../../values/version.ts";
import { blocker, type Check, ok } from "../check.ts";

/** Cilium is a helm chart, and helm's command line differs between its majors. */
export const helmPresent: Check = {
  id: "helm-present",
  check({ facts }) {
    const { helmVersion: version } = facts;
    if (version === null) return blocker("helm-missing", {});
    const major = parseVersion(version)?.major;
    return major === 3 || major === 4 ? ok("helm-found", { version }) : blocker("helm-unsupported", { version });
  },
};
