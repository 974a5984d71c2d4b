import type { SourceFacts } from "../../model/plan-types.ts";
import { blocker, type Finding, ok, warning } from "../../preflight/check.ts";
import { type CalicoSetup, calicoSetup } from "./setup.ts";

const modeNames: Readonly<Record<string, string>> = {
  vxlan: "VXLAN",
  "vxlan-crosssubnet": "VXLAN between subnets",
  ipip: "IPIP",
  "ipip-crosssubnet": "IPIP between subnets",
  none: "BGP without an overlay",
};

const nameOf = (mode: string) =>
  mode
    .split(" and ")
    .map((one) => modeNames[one] ?? one)
    .join(" and ");

/** What cannot be moved node by node, and why; null where nothing stands in the way. */
function refusal(source: string, mode: string, setup: CalicoSetup): Finding | null {
  if (setup.policyOnlyOn !== "") return blocker("source-policy-only", { source, cni: setup.policyOnlyOn });
  if (setup.datastore === "etcd") return blocker("source-datastore", { source });
  if (setup.dataPlane === "ebpf") return blocker("source-ebpf", { source });
  if (setup.dataPlane === "vpp") return blocker("source-vpp", { source });
  if (setup.encrypts) return blocker("source-encrypts", { source });
  return mode.split(" and ").includes("none") ? blocker("source-without-overlay", { source }) : null;
}

/** VXLAN was moved on a real cluster; IPIP crosses the host's routing table in the same way. */
export function calicoSupport(facts: SourceFacts): Finding {
  const { name: source, version, mode } = facts;
  const setup = calicoSetup(facts);
  const refused = refusal(source, mode, setup);
  if (refused) return refused;
  if (setup.peers > 0) return warning("source-advertises", { source, peers: setup.peers });
  const of = { source, version, mode: nameOf(mode) };
  return mode === "vxlan" && setup.dataPlane === "iptables" && setup.install === "manifest"
    ? ok("source-mode-supported", of)
    : warning("source-mode-untested", of);
}
