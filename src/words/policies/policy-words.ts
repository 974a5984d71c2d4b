import type { PolicyCode, PolicyFinding, PolicyParams } from "../../engine/model/policies/policy-codes.ts";
import type { PolicyFate } from "../../engine/model/policies/policy-view.ts";
import { counted, someOf } from "../../engine/model/some-of.ts";
import { found } from "../findings/found.ts";
import type { Said } from "../said.ts";

const all = (texts: readonly string[]) => texts.join(", ");
const firstAnd = (texts: readonly string[], more: number) => someOf(texts, texts.length, more);

/** What becomes of a policy, in a word or two. */
export const fateWords: Readonly<Record<PolicyFate, string>> = {
  kept: "kept",
  changes: "changes",
  drafted: "has a draft",
  "report-only": "report only",
};

/** The same in a sentence. */
export const fateSentences: Readonly<Record<PolicyFate, string>> = {
  kept: "Cilium enforces it as it is, with the same result.",
  changes: "Cilium enforces it as it is, but with another result.",
  drafted: "Cilium does not know this kind; a draft says the same in Cilium's own: crossfade policies convert.",
  "report-only":
    "Cilium does not know this kind, and there is no draft that is certain to say the same: write its successor by hand.",
};

const byHand = "decide what is meant, and write it for Cilium by hand";

type Words = { readonly [C in PolicyCode]: (params: PolicyParams[C]) => Said };

const words: Words = {
  "port-range-unknown": ({ ports, since }) =>
    found(
      `Cilium before ${since} reads only the first port of ${all(ports)}`,
      `choose Cilium ${since} or later with --cilium-version, or name each port`,
    ),
  "sctp-off": () =>
    found("Cilium does not enforce SCTP unless sctp.enabled is set", "set sctp.enabled: true in --helm-values FILE"),
  "block-covers-pods": ({ blocks, ranges }) =>
    found(
      `ipBlock ${all(blocks)} covers pod addresses (${all(ranges)}), and Cilium's CIDR rules match no pods: pods that it lets in today are blocked`,
      "add a podSelector or namespaceSelector for the pods that are meant",
    ),
  "block-covers-nodes": ({ blocks, nodes, more }) =>
    found(
      `ipBlock ${all(blocks)} covers the IPs of nodes (${firstAnd(nodes, more)}), and Cilium's CIDR rules match no nodes`,
      "set policyCIDRMatchMode: nodes in --helm-values FILE, or add a CiliumNetworkPolicy with the entity remote-node",
    ),
  "label-not-seen": ({ labels }) =>
    found(
      `it selects by ${all(labels)}, which Cilium does not count among a pod's labels: the rule matches no pod`,
      "select by another label, or add these to the Helm value labels in --helm-values FILE",
    ),
  "named-ports": ({ ports }) =>
    found(`it names ports (${all(ports)}), which Cilium looks up in the pods' containers, as before`),
  "selects-no-pod": () => found("it selects no pod that runs now"),

  "enforced-at-the-end": ({ source, pods }) =>
    found(
      `${source} does not enforce it today; Cilium will, for ${counted(pods, "pod")}, from the moment the migration is finalized`,
      "check that what these pods need is allowed; try it first: crossfade policies try, once nodes are migrated and before you consent to finalize",
    ),
  "open-on-moved-nodes": ({ pods }) =>
    found(
      `while nodes move, those of its ${counted(pods, "pod")} that are on Cilium accept everything: policies are enforced there again once the migration is finalized`,
      "keep the time between the first node and the end short, or exclude what must not be open for so long",
    ),
  "moved-peers-known": ({ range }) =>
    found(
      `pods that moved keep their own addresses toward pods that have not (${range} covers both ranges): there it keeps its result`,
    ),
  "moved-peers-blocked": () =>
    found(
      "pods that moved come to pods that have not with the address of a node: there it blocks also those that it allows",
      "choose a new pod CIDR beside the old one, so that one CIDR covers both: --pod-cidr",
    ),

  "not-first-tier": ({ tier }) => found(`it is in tier ${tier}, and Cilium has no tiers`, byHand),
  "below-other-tiers": ({ tiers }) =>
    found(`what tiers ${all(tiers)} decide first cannot be said for Cilium, which has no tiers`, byHand),
  "order-decides": ({ others, more }) =>
    found(
      `whether it allows or denies depends on its order among ${firstAnd(others, more)}, and Cilium has no order: there a denial always wins`,
      byHand,
    ),
  "action-unknown": ({ actions }) => found(`Cilium has no action ${all(actions)}`, byHand),
  negated: ({ fields }) => found(`Cilium cannot say ${all(fields)} so`, byHand),
  "http-rules": () => found("its HTTP rules need a proxy of the old CNI", "write them as Cilium's rules.http by hand"),
  "selector-unknown": ({ selector }) => found(`Cilium has no selector for ${selector}`, byHand),
  "fields-unknown": ({ fields }) => found(`Cilium has nothing for ${all(fields)}`, byHand),
  "selects-hosts": ({ hosts, more }) =>
    found(
      `it selects hosts (${firstAnd(hosts, more)}), and Cilium has a host firewall of its own`,
      "write a CiliumClusterwideNetworkPolicy with a nodeSelector, and turn hostFirewall.enabled on",
    ),
  "applies-to-host": ({ fields }) =>
    found(`${all(fields)} is for the traffic of hosts, and Cilium has a host firewall of its own`, byHand),
  "nets-cover-pods": ({ nets, ranges }) =>
    found(`${all(nets)} covers pod addresses (${all(ranges)}), and Cilium's CIDR rules match no pods`, byHand),
  "nets-cover-nodes": ({ nets }) =>
    found(`${all(nets)} covers the IPs of nodes, and Cilium's CIDR rules match no nodes`, byHand),
  "protocol-unknown": ({ protocol }) => found(`Cilium has no rule for ${protocol}`, byHand),

  "goes-with-source": ({ source }) =>
    found(
      `it is removed with ${source}, and Cilium never enforces it`,
      "apply its draft before the migration is finalized: crossfade policies convert",
    ),
  "sets-by-name": ({ sets }) =>
    found(
      `its draft names the sets that it selects now (${all(sets)}): a set that is labelled later is not among them`,
    ),
  "sctp-needed": () =>
    found("its draft needs SCTP, which is off in Cilium", "set sctp.enabled: true in --helm-values FILE"),
  "rests-on": ({ others, more }) =>
    found(
      `its draft says what it says, but ${firstAnd(others, more)} denies some of it today and has no draft`,
      "write that one for Cilium first",
    ),
};

/** One finding on a policy, and what to do about it. */
export function explainPolicy<C extends PolicyCode>({ code, params }: PolicyFinding<C>): Said {
  return (words[code] as (params: PolicyParams[C]) => Said)(params as PolicyParams[C]);
}
