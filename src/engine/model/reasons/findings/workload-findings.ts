import type { CheckCodes } from "../check-codes.ts";
import { few, some } from "../param-kind.ts";

/** Checks of the workloads: what each may find, beside that all is well. */
export const workloadFindings = {
  "bare-pods": { "pods-without-controller": some, "pods-without-controller-deleted": some },
  "budgets-blocked": {
    "pdbs-allow-evictions": { count: "number" },
    "pdbs-never-allow": some,
    "pdbs-corner-nodes": few,
    "pdbs-allow-after-operator": some,
    "pdbs-allow-none-now": some,
  },
  "budgets-shared": { "pods-under-two-pdbs": some },
  "empty-dirs": { "pods-with-empty-dir": some, "pods-with-empty-dir-deleted": some },
  "host-paths": { "pods-with-host-path": some },
  jobs: { "pods-of-jobs": some },
  "pinned-pods": { "pods-pinned": some, "local-volumes-unread": {} },
  "served-by-pods": { "apis-served-by-pods": some },
  "single-replicas": { "deployments-with-one-replica": some },
  "stateful-sets": { "stateful-sets-move": some },
  "static-pods": {
    "static-pods-on-host-network": { count: "number" },
    "static-pods-need-reboot": some,
    "static-pods-until-reboot": some,
  },
  "stuck-pods": { "pods-may-outlast-drain": some },
} as const satisfies CheckCodes;
