import { writeFileSync } from "node:fs";
import type { SourceFacts } from "../src/engine/model/plan-types.ts";
import { type CalicoSetup, calicoSetup, keptSetup } from "../src/engine/sources/calico/setup.ts";
import { sourceOf } from "../src/engine/sources/registry.ts";
import { panel } from "../src/words/audience.ts";
import { explainCheck } from "../src/words/check-words.ts";

/** What was done with a cluster set up so. */
type Run =
  | "whole way and rollback"
  | "whole way and rollback, all machines in one subnet"
  | "whole way"
  | "rollback"
  | "never";

interface Row {
  readonly how: string;
  readonly id: string;
  readonly mode: string;
  readonly setup?: Partial<CalicoSetup>;
  readonly lab: Run;
  readonly real: Run;
}

const names: Readonly<Record<string, string>> = { flannel: "Flannel", calico: "Calico", canal: "Canal" };

/** Kept by hand: a row says no more than what was run. */
const rows: readonly Row[] = [
  { how: "VXLAN", id: "flannel", mode: "vxlan", lab: "whole way and rollback", real: "whole way and rollback" },
  { how: "VXLAN with DirectRouting", id: "flannel", mode: "vxlan", lab: "whole way", real: "never" },
  {
    how: "VXLAN, a DaemonSet for each architecture",
    id: "flannel",
    mode: "vxlan",
    lab: "whole way and rollback",
    real: "never",
  },
  { how: "host-gw", id: "flannel", mode: "host-gw", lab: "whole way", real: "never" },
  { how: "WireGuard", id: "flannel", mode: "wireguard", lab: "whole way", real: "never" },
  { how: "IPIP", id: "flannel", mode: "ipip", lab: "whole way", real: "never" },
  {
    how: "by manifest, VXLAN",
    id: "calico",
    mode: "vxlan",
    lab: "whole way and rollback",
    real: "whole way and rollback",
  },
  {
    how: "by manifest, VXLAN between subnets",
    id: "calico",
    mode: "vxlan-crosssubnet",
    lab: "whole way",
    real: "whole way and rollback, all machines in one subnet",
  },
  { how: "by manifest, IPIP", id: "calico", mode: "ipip", lab: "whole way", real: "never" },
  {
    how: "by the Tigera operator, VXLAN",
    id: "calico",
    mode: "vxlan",
    setup: { install: "operator" },
    lab: "whole way and rollback",
    real: "never",
  },
  {
    how: "by the Tigera operator, VXLAN between subnets",
    id: "calico",
    mode: "vxlan-crosssubnet",
    setup: { install: "operator" },
    lab: "whole way",
    real: "never",
  },
  {
    how: "BGP peers outside the cluster",
    id: "calico",
    mode: "ipip",
    setup: { bgp: true, peers: 2 },
    lab: "never",
    real: "never",
  },
  { how: "BGP without an overlay", id: "calico", mode: "none", setup: { bgp: true }, lab: "never", real: "never" },
  { how: "eBPF data plane", id: "calico", mode: "vxlan", setup: { dataPlane: "ebpf" }, lab: "never", real: "never" },
  {
    how: "nftables data plane",
    id: "calico",
    mode: "vxlan",
    setup: { dataPlane: "nftables" },
    lab: "never",
    real: "never",
  },
  { how: "VPP data plane", id: "calico", mode: "vxlan", setup: { dataPlane: "vpp" }, lab: "never", real: "never" },
  { how: "etcd datastore", id: "calico", mode: "vxlan", setup: { datastore: "etcd" }, lab: "never", real: "never" },
  { how: "WireGuard on", id: "calico", mode: "vxlan", setup: { encrypts: true }, lab: "never", real: "never" },
  {
    how: "policies alone, beside another CNI",
    id: "calico",
    mode: "vxlan",
    setup: { policyOnlyOn: "the AWS VPC CNI" },
    lab: "never",
    real: "never",
  },
  {
    how: "VXLAN",
    id: "canal",
    mode: "vxlan",
    setup: { install: "canal" },
    lab: "whole way and rollback",
    real: "never",
  },
];

function factsOf({ id, mode, setup }: Row): SourceFacts {
  return {
    id,
    name: names[id] ?? id,
    version: "",
    namespace: "",
    workloads: [],
    confFile: "",
    network: null,
    plugins: [],
    stateFolders: [],
    nftImage: null,
    mode,
    encapsulations: [],
    podCidrs: [],
    mtu: 0,
    enforcesPolicies: id !== "flannel",
    own: id === "flannel" ? null : keptSetup({ ...calicoSetup({ own: null }), ...setup }),
    ownsNamespace: false,
    namespaceKeepers: [],
  };
}

const levels = { ok: "yes", warning: "with a warning", blocker: "refused" } as const;

function line(row: Row): string {
  const facts = factsOf(row);
  const found = sourceOf(facts).support(facts);
  const { message, remedy } = explainCheck({ check: "source-supported", ...found }, panel);
  const said = found.level === "ok" ? "" : `${message.replace("  ", " ")}: ${remedy}`;
  return `| ${facts.name} | ${row.how} | ${levels[found.level]} | ${row.lab} | ${row.real} | ${said} |`;
}

const intro = `# Source CNIs

Made by \`node scripts/generate-sources.ts\` from what preflight answers; do not edit. "Lab" is the embedded cluster that \`crossfade demo\`
and the tests run on; "real cluster" is kubeadm with machines as containers ([what was run there](real-cluster.md#what-was-run-on-a-real-cluster)).
What was run nowhere may work, but has not been seen to.

| source | set up as | migrated | in the lab | on a real cluster | what preflight says |
|---|---|---|---|---|---|
`;

const outro = `
IPv6 and dual-stack clusters, and Windows nodes, are refused whatever the source is. Weave Net, kube-router, Antrea, OVN-Kubernetes, kindnet and the
clouds' own CNIs are recognised and refused by name.
`;

/** The page as it is to be. */
export const sourcesPage = (): string => `${intro}${rows.map(line).join("\n")}\n${outro}`;

if (import.meta.main) writeFileSync(new URL("../docs/sources.md", import.meta.url), sourcesPage());
