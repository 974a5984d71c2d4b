import type { ParamKind } from "../reasons/param-kind.ts";

/** How one fact of a note is kept; beside those of reasons, a reason that it tells of. */
export type NoteKind = ParamKind | "reason" | "reason?";

type NoteParams = Readonly<Record<string, Readonly<Record<string, NoteKind>>>>;

/** How an engine that took a run up found it: who left it, when it was last heard of, and what comes next. */
const leftBy = { holder: "text?", heardAgoMs: "number?" } as const;
/** `next`: an act by its name, on the node or step `of`. */
const goesOn = { next: "text", of: "text", waitsFor: "reason?" } as const;

/** What the log tells: each code with its facts. Never rename one, and never give one another meaning. */
export const noteParams = {
  /** A line that is a sentence already: of the panel's own process, not of an engine. */
  plain: { text: "text" },

  // Taking a run up, and who may.
  "run-taken-up": { startedAt: "time" },
  /** `seen`: what is true of the node, by the names in src/words/found-words.ts. */
  "node-found": { node: "text", step: "text", seen: "texts", podsLeft: "number?", ...leftBy },
  "step-found": { step: "text", release: "text?", ...leftBy, ...goesOn },
  "run-found": { migrated: "number", nodes: "number", deferred: "texts", ...leftBy, ...goesOn },
  /** `oddTermSeconds`: a term that no runner writes. */
  "lease-awaited": { until: "time", oddTermSeconds: "number?" },
  "plan-agreed": { by: "text", hash: "text" },
  "agreement-not-kept": { why: "text" },
  "consent-not-kept": { why: "text" },
  "record-overwritten": { found: "reason" },
  "earlier-record-removed": { failure: "failed" },
  "earlier-cordon-removed": { node: "text" },

  // Requests.
  "request-refused": { by: "text", ask: "text", refused: "reason" },
  "requests-dropped": { count: "number" },
  "restart-declared": { by: "text", node: "text" },
  "run-released": { by: "text" },

  // What the engine does by itself.
  "node-retried": { node: "text", step: "text", retry: "number" },
  "deferred-rolled-back": { node: "text" },
  "failed-rolled-back": { node: "text" },
  "reboot-asked": { node: "text", method: "text" },
  failed: { failure: "failed" },

  // Nodes come and go, and traffic.
  "node-joined": { node: "text" },
  "node-joined-on-cilium": { node: "text" },
  "node-joined-outside": { node: "text", because: "text" },
  "node-left": { node: "text" },
  "address-changed": { node: "text", now: "text", before: "text" },
  /** `during`: "" where no step was at work. */
  "traffic-broken": { between: "text", during: "text", error: "text" },
  "traffic-passes": { between: "text", lostSeconds: "number" },

  /** `nodes`: those with the least. */
  "pod-mtu": { mtu: "number", source: "text" },
  "pod-mtus-proven": { mtu: "number", nodes: "number" },
  "pod-mtus-other": { wanted: "number", nodes: "texts" },
  "pod-mtus-differ": { least: "number", most: "number", source: "text", nodes: "texts" },

  /** Of the network cards of the nodes. */
  "card-mtu": { mtu: "number" },
  "card-mtus-differ": { least: "number", most: "number", nodes: "texts" },
  "card-mtus-covered": { least: "number", most: "number", mtu: "number" },
  "rp-filter-strict": { nodes: "texts", more: "number" },
  "forwarding-off": { nodes: "texts", more: "number" },
  "hosts-not-told": { nodes: "texts", more: "number" },
  /** `bytes`: of the packets that passed, headers included; `nodes`: how many sent and answered. */
  "tunnel-port-open": { port: "number", bytes: "number", nodes: "number" },
  "tunnel-not-tried": { port: "number", nodes: "texts", more: "number" },

  // Policies come into force.
  "enforcement-not-wanted": {},
  /** `mode`: policyEnforcementMode. */
  "no-policies": { mode: "text" },
  "policies-enforced": { mode: "text" },
  /** `gone`: refusals of pods that are gone by now. */
  "no-policy-drops": { seconds: "number", gone: "number" },
  "policy-drops-explained": {
    count: "number",
    seconds: "number",
    gone: "number",
    connections: "texts",
    more: "number",
  },
  "drops-consented": {},

  // CNI files and marks.
  "files-renamed-later": { nodes: "texts", files: "texts", unread: "number" },
  "files-not-read": { nodes: "texts", unread: "number" },
  "files-renamed": { node: "text", files: "texts" },
  "no-backup": { node: "text", file: "text" },
  "node-config-rewritten": { name: "text" },
  /** `during`: the work that was under way. */
  "cordoned-again": { node: "text", during: "text" },
  "cordoned-by-others": { node: "text" },
  "release-half-done": { status: "text" },

  // What is removed, and what stays.
  "removed-from-node": { node: "text", items: "texts" },
  "sysctls-stay": { node: "text" },
  "not-removed": { node: "text", items: "texts", said: "text" },
  "lease-removed": { namespace: "text", name: "text" },
  "api-clean": {},
  "cilium-kinds-left": { kinds: "texts", nodes: "number" },
  "namespace-stays": { name: "text", foreign: "texts", unknown: "texts" },
  "source-saved": { folder: "text", objects: "number" },
  "source-not-saved": {},
  /** Owners of the source that the run froze, and leaves so. */
  "owners-stay-frozen": { owners: "texts", source: "text" },
  /** The setting of an old CNI's address detection that a rollback leaves; `mark` has what was there before. */
  "detection-stays-pinned": { object: "text", before: "text", mark: "text" },
  /** Addresses of the old CNI's that pods have no more. */
  "addresses-held-by-nobody": { count: "number", first: "texts", more: "number" },
  "source-removed-again": { namespace: "text", name: "text" },

  // The journal of this machine.
  "journal-damaged": { why: "text", kept: "text" },
  "journal-outdated": { kept: "text" },
  "journal-missed": { count: "number" },
  "journal-elsewhere": { wanted: "text", path: "text" },
  "journal-failed": { path: "text", why: "text" },
} as const satisfies NoteParams;
