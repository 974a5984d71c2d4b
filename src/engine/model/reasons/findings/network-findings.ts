import type { CheckCodes } from "../check-codes.ts";
import { few, some } from "../param-kind.ts";

const mode = { source: "text", version: "text", mode: "text" } as const;
const ofNamespace = { source: "text", namespace: "text" } as const;
const ofRelease = { release: "text", namespace: "text" } as const;
const owned = { source: "text", owners: "texts", gitOps: "texts" } as const;
/** `first`: some by namespace and name, `more`: how many others are not named. */
const named = { count: "number", kinds: "texts", first: "texts", more: "number" } as const;
/** `unfit`: those that change or that Cilium does not know, `moreUnfit`: others of these. */
const policies = { ...named, pods: "number", unfit: "texts", moreUnfit: "number" } as const;
const tunnel = { protocol: "text", port: "number" } as const;

/** Checks of the networks: what each may find, beside that all is well. */
export const networkFindings = {
  "cidr-disjoint": {
    "pod-cidr-overlaps": { cidr: "text", ...few },
    "pod-cidr-may-overlap": { cidr: "text", ...few },
    "pod-cidr-free": { cidr: "text" },
  },
  "cilium-host-ports": { "host-ports-free": { ports: "texts" }, "host-ports-taken": some },
  "cni-paths": { "workloads-mount-cni": some },
  "existing-cilium": {
    "cilium-chained": { mode: "text", ...ofRelease },
    "cilium-in-charge": { release: "text" },
    /** `values`, `found` and `wanted` side by side. */
    "cilium-values-unfit": { values: "texts", found: "texts", wanted: "texts", ...ofRelease },
    "cilium-pool-unfit": { pool: "text", ...ofRelease },
    "cilium-not-by-helm": { workload: "text", namespace: "text" },
    "cilium-config-unread": { workload: "text", namespace: "text" },
    "cilium-crds-left": {},
    "cilium-release-without-agents": { status: "text", ...ofRelease },
    "cilium-node-ranges-left": { cidr: "text", ...few },
    "cilium-node-ranges-kept": { cidr: "text", ...few },
    "cilium-node-configs-foreign": few,
    "nodes-labelled-early": some,
    /** `asked`: the version of the command line, where it is another one; the nodes are those that have the label. */
    "cilium-secondary": { version: "text", asked: "text?", source: "text", cidr: "text", ...some },
  },
  "host-policies": {
    /** `closed`: what is stopped; `first`: hosts with the policies that select them. */
    "hosts-closed": { closed: "texts", tunnel: "number", ...some },
  },
  "meta-cni": { "multus-in-front": { workloads: "texts" }, "mesh-plugin-chained": { workloads: "texts" } },
  mtu: {
    "mtu-given": { mtu: "number" },
    /** `network`: what the nodes' network has, for that. */
    "mtu-set-by-hand": { source: "text", mtu: "number", network: "number" },
    /** Cilium takes the MTU of the source's tunnel device for that of the network while it is there. */
    "mtu-smaller-meanwhile": { source: "text", bytes: "number" },
    "mtu-smaller": { source: "text", mode: "text", bytes: "number" },
  },
  "network-policies": {
    /** `minutes`: how long that lasts, by the plan's estimate. */
    "policies-enforced": { ...named, minutes: "number" },
    /** `pods`: that they select. */
    "policies-not-enforced": { source: "text", ...policies },
    /** `range`: the one that covers old and new addresses. */
    "policies-open-meanwhile": { source: "text", range: "text", minutes: "number", ...policies },
    "policies-open-and-blocked": { source: "text", minutes: "number", ...policies },
  },
  "pool-capacity": {
    "pool-too-small": { cidr: "text", mask: "number", pieces: "number", nodes: "number" },
    /** `pods`: that a piece has addresses for; `most`: that a node may run. */
    "pool-pieces-too-small": { mask: "number", pods: "number", count: "number", most: "number" },
    "pool-nearly-full": { cidr: "text", mask: "number", count: "number" },
    "pool-large-enough": { cidr: "text", mask: "number", pieces: "number", pods: "number" },
  },
  "service-mesh": { "service-meshes": { names: "texts" } },
  "source-healthy": {
    "source-pods-ready": { workloads: "texts" },
    "source-pods-unready": { workloads: "texts", ...ofNamespace, ...some },
    "source-pods-missing": { workloads: "texts", ...ofNamespace, count: "number" },
  },
  "source-namespace": {
    "source-namespace-unread": { ...ofNamespace, ...few },
    "source-namespace-removed": ofNamespace,
    "source-namespace-stays": ofNamespace,
    "source-namespace-kept": { ...ofNamespace, ...some },
  },
  "source-owner": {
    "source-owner-unknown": { source: "text" },
    /** `gitOps`: the objects by which they own it, as far as they are known. */
    "source-owned": owned,
    "source-owner-frozen": owned,
  },
  "source-supported": {
    "source-has-ipv6": { source: "text", cidrs: "texts" },
    /** `mode`: how its pods reach each other, as people call it. */
    "source-mode-supported": mode,
    "source-mode-untested": mode,
    /** Its own routes and announcements end with it. */
    "source-advertises": { source: "text", peers: "number" },
    /** `cni`: who gives pods their addresses in its place. */
    "source-policy-only": { source: "text", cni: "text" },
    "source-datastore": { source: "text" },
    "source-ebpf": { source: "text" },
    "source-vpp": { source: "text" },
    "source-encrypts": { source: "text" },
    "source-without-overlay": { source: "text" },
  },
  "tunnel-clash": {
    "tunnel-port-taken": { ...tunnel, source: "text" },
    "tunnel-port-usual": { ...tunnel, of: "text" },
    "tunnel-port-free": { ...tunnel, source: "text", used: "texts" },
  },
} as const satisfies CheckCodes;
