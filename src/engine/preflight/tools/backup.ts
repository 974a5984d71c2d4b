import { type Check, ok, warning } from "../check.ts";

/** Nothing in the API tells whether there is a snapshot of etcd: whoever runs the migration says so, and the plan keeps his words. */
export const backup: Check = {
  id: "backup",
  check: ({ source, options }) =>
    options.backupTaken === undefined
      ? warning("backup-not-named", { source: source.name })
      : ok("backup-named", { backup: options.backupTaken }),
};
