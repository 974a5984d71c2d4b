import { type Check, ok, warning } from "../check.ts";

/** With one control plane the API is away while that node restarts; the engine waits for it to come back. */
export const controlPlanes: Check = {
  id: "control-planes",
  check({ moving: facts, options }) {
    const planes = facts.nodes.filter(({ controlPlane }) => controlPlane).map(({ name }) => name);
    const [first] = planes;
    if (first === undefined) return ok();
    const { length: count } = planes;
    if (count > 2) return ok("control-planes-in-turn", { count });
    if (options.reboot.method === "none") return ok("control-planes-not-restarted", { count });
    return count === 1
      ? warning("control-plane-single", { node: first }, planes)
      : warning("control-planes-two", {}, planes);
  },
};
