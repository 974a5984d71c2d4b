import type { CodeParams } from "./param-kind.ts";

/**
 * What steps wait for: each code with its facts. Where a list is bounded, `more` are not in it; `trouble` is what keeps the
 * pods from starting.
 */
export const waits = {
  // The Node object.
  "node-not-cordoned": {},
  "node-uncordoned-by-others": {},
  "node-still-cordoned": {},
  "node-not-recorded": {},
  "label-missing": { label: "text" },
  "label-removed": { label: "text" },
  "label-left": { label: "text", nodes: "texts", more: "number" },
  "network-unavailable": {},

  // Its restart.
  /** `bootId`: the first characters of it. */
  "node-not-rebooted": { node: "text", bootId: "text", trouble: "trouble?" },
  "boot-id-unchanged": { node: "text", bootId: "text" },
  "earlier-reboot-command": { node: "text" },
  "container-not-restarted": { node: "text" },
  "reboot-pod-left": { pod: "text" },

  // The Cilium agent and what it writes.
  "agent-missing": { node: "text", trouble: "trouble?" },
  "agent-not-ready": { node: "text", trouble: "trouble?" },
  "old-agent-running": {},
  "agent-not-answering": {},
  "agent-config-outdated": {},
  /** `state`, `message`: what the agent says of its file. */
  "cni-conf-not-written": { node: "text", state: "text", message: "text" },
  "cni-conf-elsewhere": { node: "text", file: "text", found: "texts" },
  "agent-taint": { taint: "text", nodes: "texts", more: "number" },
  "agent-taint-left": { taint: "text", count: "number" },

  // CNI files and addresses.
  "node-config-changed": { name: "text" },
  "node-config-missing": { name: "text" },
  "node-config-left": { name: "text" },
  "other-cni-files": { file: "text", found: "texts" },
  "source-conf-inactive": { file: "text", found: "texts" },
  "cni-files-left": { files: "texts" },
  "pod-cidrs-missing": { nodes: "texts", more: "number" },
  "cilium-node-error": { node: "text", error: "text" },
  "health-endpoint-missing": { node: "text" },
  "endpoint-not-ready": { state: "text" },
  "probe-not-on-cilium": { node: "text", address: "text", ranges: "texts" },
  "probe-not-on-source": { node: "text", address: "text", ranges: "texts" },
  "old-addresses-left": { count: "number", namespace: "text", pod: "text" },
  "static-pods-left": { pods: "texts", more: "number" },

  /** Nodes whose kernel has no type information. */
  "btf-missing": { version: "text", nodes: "texts", more: "number" },

  // What a node's own network tells before anything is installed; `lines`: a node with what it has not.
  "kernel-modules-missing": { version: "text", lines: "texts", more: "number" },
  "mtu-above-card": { mtu: "number", cards: "texts", more: "number" },
  "tunnel-port-in-use": { protocol: "text", port: "number", nodes: "texts", more: "number" },
  "tunnel-port-blocked": { port: "number", paths: "texts", more: "number" },
  /** `bytes`: of a packet, headers included. */
  "tunnel-packets-lost": { port: "number", bytes: "number", paths: "texts", more: "number" },
  "lookers-left": { nodes: "texts", more: "number" },

  // Traffic: the first paths that it does not pass on, each with its error.
  "baseline-traffic-lost": { paths: "texts", more: "number" },
  "source-traffic-lost": { paths: "texts", more: "number" },
  "cilium-traffic-lost": { paths: "texts", more: "number" },
  "tunnel-traffic-lost": { protocol: "text", port: "number", paths: "texts", more: "number" },
  "traffic-not-measured": { paths: "texts", more: "number" },

  "drops-watched": { seconds: "number" },

  // Helm, workloads and their pods.
  "release-missing": {},
  "release-unfinished": { status: "text" },
  "release-values-differ": {},
  "release-left": {},
  "crds-missing": { crds: "texts", more: "number", trouble: "trouble?" },
  "workload-missing": { name: "text" },
  "workload-not-restarted": { name: "text" },
  "workload-rolling-out": {
    name: "text",
    updated: "number",
    desired: "number",
    ready: "number",
    trouble: "trouble?",
  },
  "probes-not-ready": { nodes: "texts", more: "number", trouble: "trouble?" },
  "lookers-not-ready": { nodes: "texts", more: "number", trouble: "trouble?" },
  "cleaners-not-ready": { nodes: "texts", more: "number", trouble: "trouble?" },
  "daemonset-pod-not-ready": { namespace: "text", pod: "text", trouble: "trouble?" },
  /** `of`: how many DaemonSets the source has. */
  "source-daemonset-missing": { namespace: "text", name: "text", of: "number" },
  "source-pod-missing": { daemonSets: "texts", node: "text", trouble: "trouble?" },
  "source-pod-not-recreated": {},
  "source-pod-not-ready": { pod: "text", trouble: "trouble?" },
  "source-pods-not-ready": { daemonSets: "texts", nodes: "texts", more: "number" },

  // What is removed.
  "probe-pods-left": { count: "number" },
  "cleaner-pods-left": { count: "number" },
  "operator-pods-left": { count: "number" },
  "agents-left": { count: "number" },
  "source-unsaved": {},
  /** `folder` is "" where the objects could not even be read. */
  "source-not-saved": { folder: "text", why: "text" },
  "source-objects-left": { count: "number", kind: "text", name: "text" },
  /** A kind that does not go while this object of it, and so many more, have these finalizers. */
  "source-object-held": { definition: "text", object: "text", more: "number", finalizers: "texts" },
  "namespace-terminating": { name: "text", conditions: "texts" },
  "source-recreated": {},
  /** `first`: nodes that are cleaned now. */
  "source-leftovers": { count: "number", first: "texts", more: "number" },
  /** "NODE: MTU" of those whose pods have another than they are to have. */
  "pod-mtus-behind": { wanted: "number", nodes: "texts", more: "number" },
  "cilium-leftovers": { count: "number", first: "texts", more: "number" },
  "cilium-api-leftovers": {},
} as const satisfies CodeParams;
