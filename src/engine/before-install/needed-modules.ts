import type { CiliumTarget } from "../model/plan-types.ts";
import { atLeast, parseVersion } from "../values/version.ts";

/**
 * Modules without which Cilium's agent carries no packets. From Linux 6.6 on it attaches its programs by tcx, which is no module; it
 * writes rules with iptables, which takes one of two back ends (Documentation/operations/system_requirements.rst).
 */
export function neededModules(
  { tunnelProtocol }: Pick<CiliumTarget, "tunnelProtocol">,
  kernel: string,
): readonly string[] {
  const version = parseVersion(kernel);
  const byTc = version === null || !atLeast(version, 6, 6) ? ["cls_bpf", "sch_ingress"] : [];
  return [tunnelProtocol, ...byTc, "nft_compat or iptable_nat"];
}
