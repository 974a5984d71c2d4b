import { fullName } from "../../model/some-of.ts";
import { blocker, type Check, ok, some, warning } from "../check.ts";

/** Only its kubelet can recreate a static pod's sandbox; one on the host's network needs no new address. */
export const staticPods: Check = {
  id: "static-pods",
  check({ moving: facts, options }) {
    const all = facts.pods.filter(({ mirror }) => mirror);
    const networked = all.filter(({ hostNetwork }) => !hostNetwork).map(fullName);
    if (networked.length === 0) return ok("static-pods-on-host-network", { count: all.length });
    if (options.reboot.method === "none") return blocker("static-pods-need-reboot", some(networked), networked);
    return warning("static-pods-until-reboot", some(networked), networked);
  },
};
