import type { PolicyFinding } from "../../../model/policies/policy-codes.ts";
import { policyFinding } from "../../../model/policies/policy-codes.ts";
import type { PolicyView } from "../../../model/policies/policy-view.ts";
import { firstOf } from "../../../model/reason.ts";
import { fullName } from "../../../model/some-of.ts";
import { whileNodesMove } from "../../../policies/hybrid.ts";
import type { PolicyDialect, PolicyWorld } from "../../../policies/policy-world.ts";
import { draftsOf } from "./draft.ts";
import type { Drafting } from "./drafting.ts";
import { type End, selectsEnd } from "./evaluate.ts";
import { closedHosts } from "./hosts.ts";
import { groupName } from "./peers.ts";
import { type CalicoPolicy, calicoPolicies, objectsOf, tiersOf } from "./rules.ts";
import { setsOf } from "./sets.ts";

const groups = ["crd.projectcalico.org", "projectcalico.org"];
const resources = ["networkpolicies", "globalnetworkpolicies"];

const podEnd = ({ namespace, labels, ips }: PolicyWorld["pods"][number]): End => ({
  kind: "pod",
  namespace,
  labels,
  namespaceLabels: { "kubernetes.io/metadata.name": namespace },
  serviceAccount: "",
  ip: ips[0] ?? "",
});

/** Labels of namespaces are not among the facts: by others than these it may select any namespace. */
const asFarAsKnown = (policy: CalicoPolicy): CalicoPolicy =>
  /^((projectcalico\.org\/name|kubernetes\.io\/metadata\.name) (==|in) [^&|]*)?$/.test(policy.namespaceSelector)
    ? policy
    : { ...policy, namespaceSelector: "" };

interface Drafted {
  readonly policy: CalicoPolicy;
  readonly view: PolicyView;
}

const usesSctp = ({ ingress, egress }: CalicoPolicy) =>
  [...ingress, ...egress].some(({ protocol }) => protocol === "SCTP");

function notesOf({ policy, usedSets, world }: Drafting): readonly PolicyFinding[] {
  const sets = [...usedSets].map(groupName);
  return [
    policyFinding("goes-with-source", { source: world.source.name }),
    ...(sets.length > 0 ? [policyFinding("sets-by-name", { sets })] : []),
    ...(usesSctp(policy) ? [policyFinding("sctp-needed", {})] : []),
  ];
}

function read(policy: CalicoPolicy, all: readonly CalicoPolicy[], world: PolicyWorld): Drafted {
  const { objects } = world;
  const at: Drafting = {
    policy,
    all,
    world,
    sets: setsOf(objects),
    hosts: objectsOf(objects, "hostendpoints"),
    tiers: tiersOf(objects),
    problems: [],
    usedSets: new Set(),
  };
  const drafts = draftsOf(at);
  const pods = world.pods.filter((pod) => selectsEnd(asFarAsKnown(policy), podEnd(pod))).map(fullName);
  const { kind, namespace, name } = policy;
  const found = drafts.length > 0 ? notesOf(at) : at.problems;
  const findings = [...found, ...whileNodesMove(world, pods.length)];
  return {
    policy,
    view: { kind, namespace, name, fate: drafts.length > 0 ? "drafted" : "report-only", findings, pods, drafts },
  };
}

const denies = ({ ingress, egress }: CalicoPolicy): boolean =>
  [...ingress, ...egress].some(({ action }) => action === "Deny" || action === "Pass");

const mayMeet = (a: CalicoPolicy, b: CalicoPolicy): boolean =>
  a.namespace === null || b.namespace === null || a.namespace === b.namespace;

/** A draft that allows what another policy denies first, and that one has no draft. */
function withOthers({ policy, view }: Drafted, all: readonly Drafted[]): PolicyView {
  const others = all.filter(
    (one) => one.view.fate === "report-only" && denies(one.policy) && mayMeet(policy, one.policy),
  );
  if (view.fate !== "drafted" || others.length === 0) return view;
  const [first, more] = firstOf(others.map((one) => one.policy.name));
  return { ...view, findings: [policyFinding("rests-on", { others: first, more }), ...view.findings] };
}

/** Calico's own policies: Cilium knows none of them. */
export const calicoDialect: PolicyDialect = {
  kinds: groups.flatMap((group) => resources.map((resource) => `${resource}.${group}`)),
  read(world) {
    const all = calicoPolicies(world.objects);
    const drafted = all.map((policy) => read(policy, all, world));
    return drafted.map((one) => withOthers(one, drafted));
  },
  closedHosts,
};
