import { adapterFailures } from "./adapter-failures.ts";
import type { CodeParams } from "./param-kind.ts";

/** A node's failure: what its steps found. */
const ofNodes = {
  "node-gone": { node: "text" },
  "node-uncordoned-again": { node: "text", times: "number" },
  "node-config-changed-again": { node: "text", namespace: "text", name: "text", times: "number" },
  /** `said`: how its container ended last. */
  "agent-crash-loops": { node: "text", restarts: "number", said: "text" },
  /** The agent was recreated `times`, and still does not act on the CiliumNodeConfig. */
  "agent-ignores-config": { node: "text", config: "text", times: "number" },
  "same-boot-id": { node: "text", bootId: "text" },
  "drain-refused": { node: "text", pods: "undrainable" },
  /** `address` is null where it got one that is not known; `range`: old or new. */
  "pod-on-wrong-network": {
    node: "text",
    pod: "text",
    address: "text?",
    range: "text",
    times: "number",
    confFile: "text",
  },
} as const satisfies CodeParams;

/** A failure of a step of the run. */
const ofRunSteps = {
  "other-node-config": { namespace: "text", name: "text" },
  "cilium-took-over": { node: "text" },
  /**
   * Policies refused connections that none of them explains. `although`: policies that allow some of them; `unheard`: nodes that dropped
   * packets for policies, and nobody saw whose.
   */
  "drops-unexplained": {
    count: "number",
    seconds: "number",
    connections: "texts",
    more: "number",
    although: "texts",
    unheard: "texts",
  },
  /** `owners`: who brings it back, where that is known; `times` is null where it was removed once. */
  "source-back": { daemonSets: "texts", owners: "texts", times: "number?" },
} as const satisfies CodeParams;

/** There is no source to move from, or none that can be moved. */
const ofSources = {
  "only-cilium-found": { daemonSet: "text" },
  /** `multus`: its DaemonSet, where it is there; `known`: the CNIs that this version moves from. */
  "no-cni-found": { multus: "text?", known: "texts" },
  "cnis-on-own-nodes": { cnis: "cnis" },
  "cnis-on-same-nodes": { cnis: "cnis" },
  "cni-not-supported": { cni: "text", daemonSets: "texts", why: "text", advice: "text" },
  "source-unknown": { source: "text" },
  /** `step`: one that this version does not take; null where the steps differ otherwise. */
  "source-steps-differ": { source: "text", step: "text?" },
  /** `within`: the process that runs it. */
  "source-embedded": { source: "text", within: "text" },
  "source-traces-only": { source: "text" },
  "source-config-missing": { source: "text", daemonSet: "text", namespace: "text", configMap: "text", key: "text" },
  "source-config-unreadable": { source: "text", namespace: "text", configMap: "text", key: "text", what: "text" },
  "source-object-unreadable": { source: "text", kind: "text", name: "text", what: "text" },
  "source-objects-missing": { source: "text", kind: "text" },
  "source-backend-unknown": { source: "text", backend: "text", configMap: "text", known: "texts" },
} as const satisfies CodeParams;

/** No plan can be made. */
const ofPlans = {
  "not-a-range": { range: "text" },
  "no-free-range": { nodes: "number", maskSize: "number" },
  "no-cilium-version": { version: "text" },
  "cilium-too-old": { version: "text" },
  "pod-cidr-not-ipv4": { range: "text" },
  "pod-cidr-no-network": { range: "text", network: "text" },
  "number-out-of-bounds": { option: "text", value: "number", low: "number", high: "number" },
  "no-nodes": {},
  "no-member-to-move": {},
  "values-refused": { problems: "texts" },
} as const satisfies CodeParams;

/** The run cannot be begun, gone on with, or kept. */
const ofRuns = {
  "no-run-to-agree-to": { hash: "text" },
  "other-plan-agreed": { given: "text", hash: "text" },
  /** `consents`: those on record, each with who gave it. */
  "plan-not-agreed": { hash: "text", consents: "texts" },
  "consents-not-agreed": { hash: "text", consents: "texts" },
  "record-of-other-cluster": { planned: "text", found: "text" },
  "record-changed-meanwhile": {},
  "record-without-plan": {},
  "no-run-under-way": {},
  "run-unattended": {},
  "run-held": { holder: "text?", since: "time?" },
  "run-not-ours": {},
  "other-run-begun": {},
  "namespace-taken": {},
  "namespace-no-longer-taken": {},
  "cluster-changed": {},
  "chart-gone": { chart: "text" },
  "chart-changed": { chart: "text", planned: "text", found: "text" },
  "request-refused": { refused: "reason" },
} as const satisfies CodeParams;

/** A record cannot be believed: `node` is null where it is the run's own. */
const ofRecords = {
  "record-damaged": { node: "text?", what: "text" },
  "record-newer": { node: "text?", version: "text" },
  /** `kept`: fields that may not be changed under a run. */
  "record-edited": { node: "text?", fields: "texts", kept: "texts" },
  "record-unsealed": { node: "text?", kept: "texts" },
  "record-of-other-node": { node: "text", other: "text" },
  "record-of-other-run": { node: "text", begun: "time" },
} as const satisfies CodeParams;

/** Why something failed: each code with its facts. */
export const failures = {
  /** What a command says whole: it is at the edge, where sentences are written. */
  "command-refused": { message: "text", remedy: "text" },
  /** Nothing that was foreseen. */
  bug: { stack: "text" },

  /** `node` is null where it is a step of the run. */
  "step-timed-out": { step: "text", node: "text?", waitsFor: "reason" },
  "cluster-unreachable": { detail: "text" },
  "write-denied": { by: "text", said: "text" },
  ...ofNodes,
  ...ofRunSteps,
  ...ofSources,
  ...ofPlans,
  ...ofRuns,
  ...ofRecords,
  ...adapterFailures,
} as const satisfies CodeParams;
