import { counted, fullName, someOf } from "../../model/some-of.ts";
import { blocker, type Check, ok, warning } from "../check.ts";

/** Only its kubelet can recreate a static pod's sandbox; one on the host's network needs no new address. */
export const staticPods: Check = {
  id: "static-pods",
  title: "Static pods",
  check({ moving: facts, options }) {
    const all = facts.pods.filter(({ mirror }) => mirror);
    const networked = all.filter(({ hostNetwork }) => !hostNetwork).map(fullName);
    if (networked.length === 0) return ok(`${counted(all.length, "static pod")}, all on the host's network`);
    const found = `${counted(networked.length, "static pod")} ${networked.length === 1 ? "has a pod address" : "have pod addresses"}: ${someOf(networked)}`;
    if (options.reboot.method === "none") {
      return blocker(
        `${found}, which only a reboot renews`,
        "choose a --reboot method, or move their manifests away",
        networked,
      );
    }
    return warning(
      `${found}, kept until the node reboots`,
      "nothing, if a short break of them can be lived with",
      networked,
    );
  },
};
