import type { ValueOf } from "../reason.ts";
import type { CodeParams, ParamKind } from "../reasons/param-kind.ts";

/** What may be said of one policy, with the facts of each: printed by `--json`, never renamed. */
const policyCodes = {
  // What Cilium makes of one that it enforces as it is.
  /** `since`: the first version of Cilium that knows them. */
  "port-range-unknown": { ports: "texts", since: "text" },
  "sctp-off": {},
  /** `ranges`: those of pods that the block covers. */
  "block-covers-pods": { blocks: "texts", ranges: "texts" },
  /** `nodes`: the first of those whose IP it covers. */
  "block-covers-nodes": { blocks: "texts", nodes: "texts", more: "number" },
  "label-not-seen": { labels: "texts" },
  "named-ports": { ports: "texts" },
  "selects-no-pod": {},

  // What happens to it while nodes move, and after.
  "enforced-at-the-end": { source: "text", pods: "number" },
  "open-on-moved-nodes": { pods: "number" },
  "moved-peers-known": { range: "text" },
  "moved-peers-blocked": {},

  // Why one of the old CNI's own kinds has no draft.
  "not-first-tier": { tier: "text" },
  "below-other-tiers": { tiers: "texts" },
  /** `others`: the first of the policies with which the order decides. */
  "order-decides": { others: "texts", more: "number" },
  "action-unknown": { actions: "texts" },
  negated: { fields: "texts" },
  "http-rules": {},
  "selector-unknown": { selector: "text" },
  "fields-unknown": { fields: "texts" },
  "selects-hosts": { hosts: "texts", more: "number" },
  "applies-to-host": { fields: "texts" },
  "nets-cover-pods": { nets: "texts", ranges: "texts" },
  "nets-cover-nodes": { nets: "texts" },
  "protocol-unknown": { protocol: "text" },

  // Of one that has a draft.
  "goes-with-source": { source: "text" },
  "sets-by-name": { sets: "texts" },
  "sctp-needed": {},
  "rests-on": { others: "texts", more: "number" },
} as const satisfies CodeParams;

type Kinds = typeof policyCodes;

/** A word for what is said of a policy. */
export type PolicyCode = keyof Kinds;

export type PolicyParams = {
  readonly [C in PolicyCode]: { readonly [P in keyof Kinds[C]]: ValueOf[Kinds[C][P] & ParamKind] };
};

/** One thing that is said of a policy, as data. */
export type PolicyFinding<C extends PolicyCode = PolicyCode> = {
  readonly [K in C]: { readonly code: K; readonly params: PolicyParams[K] };
}[C];

export const policyFinding = <C extends PolicyCode>(code: C, params: PolicyParams[C]): PolicyFinding =>
  ({ code, params }) as PolicyFinding;
