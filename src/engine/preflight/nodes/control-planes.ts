import { counted } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";

/** With one control plane the API is away while that node restarts; the engine waits for it to come back. */
export const controlPlanes: Check = {
  id: "control-planes",
  title: "Control plane stays available",
  check({ moving: facts, options }) {
    const planes = facts.nodes.filter(({ controlPlane }) => controlPlane).map(({ name }) => name);
    if (planes.length === 0) return ok("The control plane is not on nodes of this cluster");
    if (planes.length > 2) return ok(`${counted(planes.length, "control plane")}, moved one after the other`);
    if (options.reboot.method === "none")
      return ok(`${counted(planes.length, "control plane")}, and none is restarted`);
    return warning(
      planes.length === 1
        ? `${planes[0]} is the only control plane: the API is away while it restarts, and workloads go on without it`
        : "With two control planes etcd has no quorum while one of them restarts: the API is away for that time",
      "save etcd first (etcdctl snapshot save), or choose --reboot none",
      planes,
    );
  },
};
