import { overheadOf } from "../../plan/network-mtu.ts";
import { valueAt } from "../../values/merge.ts";
import { type Check, ok, warning } from "../check.ts";

const ciliumOverhead = 50;

/** Packets that are too large vanish in silence: small answers pass, large ones hang. */
export const mtu: Check = {
  id: "mtu",
  check({ source, target, options }) {
    const given = valueAt(options.userValues ?? {}, "MTU");
    if (typeof given === "number" && given > 0) return ok("mtu-given", { mtu: given });
    const { name, mode } = source;
    if (target.mtu !== undefined) return ok("mtu-set-by-hand", { source: name, mtu: source.mtu, network: target.mtu });
    const bytes = ciliumOverhead - overheadOf(source);
    if (bytes > 0) return warning("mtu-smaller", { source: name, mode, bytes });
    return source.encapsulations.length === 0
      ? ok()
      : ok("mtu-smaller-meanwhile", { source: name, bytes: ciliumOverhead });
  },
};
