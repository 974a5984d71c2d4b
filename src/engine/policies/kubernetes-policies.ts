import { selects } from "../drain/selector.ts";
import type { SourceObject } from "../model/cluster/source-object.ts";
import type { LabelSelector } from "../model/facts.ts";
import type { JsonObject, JsonValue } from "../model/plan-types.ts";
import { type PolicyFinding, policyFinding } from "../model/policies/policy-codes.ts";
import type { PolicyView } from "../model/policies/policy-view.ts";
import { firstOf } from "../model/reason.ts";
import { fullName } from "../model/some-of.ts";
import { atLeast, parseVersion } from "../values/version.ts";
import { addressesCovered, type Block, rangesCovered } from "./covered.ts";
import { whileNodesMove } from "./hybrid.ts";
import { labelsNotSeen } from "./identity-labels.ts";
import { listIn, numberIn, objectIn, textIn, textsIn } from "./json-in.ts";
import type { PolicyDialect, PolicyWorld } from "./policy-world.ts";

const kind = "networkpolicies.networking.k8s.io";

/** Cilium's first line with port ranges. */
const portRanges = { major: 1, minor: 16 };

/** A label selector of an object, with what of it is of another type left away. */
export function labelSelectorIn(value: JsonValue | undefined): LabelSelector {
  const { matchLabels, matchExpressions } = objectIn(value);
  return {
    matchLabels: Object.fromEntries(Object.entries(objectIn(matchLabels)).map(([key, one]) => [key, textIn(one)])),
    matchExpressions: listIn(matchExpressions).map((one) => {
      const { key, operator, values } = objectIn(one);
      return { key: textIn(key), operator: textIn(operator), values: textsIn(values) };
    }),
  };
}

const keysOf = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly string[] => [
  ...Object.keys(matchLabels),
  ...matchExpressions.map(({ key }) => key),
];

interface Rules {
  readonly peers: readonly JsonObject[];
  readonly ports: readonly JsonObject[];
}

/** All peers and ports of its rules, whatever the direction. */
function rulesOf({ spec }: SourceObject): Rules {
  const rules = [...listIn(spec["ingress"]), ...listIn(spec["egress"])].map(objectIn);
  return {
    peers: rules.flatMap((rule) => [...listIn(rule["from"]), ...listIn(rule["to"])]).map(objectIn),
    ports: rules.flatMap((rule) => listIn(rule["ports"])).map(objectIn),
  };
}

function portFindings(ports: readonly JsonObject[], { target }: PolicyWorld): readonly PolicyFinding[] {
  const version = parseVersion(target.version);
  const knowsRanges = version !== null && atLeast(version, portRanges.major, portRanges.minor);
  const ranges = ports.flatMap(({ port, endPort }) =>
    numberIn(endPort) === null ? [] : [`${numberIn(port) ?? "?"}-${numberIn(endPort)}`],
  );
  const named = ports.map(({ port }) => textIn(port)).filter((name) => name !== "");
  const since = `${portRanges.major}.${portRanges.minor}`;
  return [
    ...(ranges.length > 0 && !knowsRanges ? [policyFinding("port-range-unknown", { ports: ranges, since })] : []),
    ...(ports.some(({ protocol }) => protocol === "SCTP") ? [policyFinding("sctp-off", {})] : []),
    ...(named.length > 0 ? [policyFinding("named-ports", { ports: [...new Set(named)] })] : []),
  ];
}

function blockFindings(peers: readonly JsonObject[], { podCidrs, nodes }: PolicyWorld): readonly PolicyFinding[] {
  const blocks: readonly Block[] = peers.flatMap(({ ipBlock }) => {
    const { cidr, except } = objectIn(ipBlock);
    return typeof cidr === "string" ? [{ cidr, except: textsIn(except) }] : [];
  });
  const overPods = blocks.filter((block) => rangesCovered(block, podCidrs).length > 0);
  const ranges = podCidrs.filter((range) => overPods.some((block) => rangesCovered(block, [range]).length > 0));
  const overNodes = blocks.filter((block) => nodes.some(({ ips }) => addressesCovered(block, ips).length > 0));
  const held = nodes.filter(({ ips }) => overNodes.some((block) => addressesCovered(block, ips).length > 0));
  const [first, more] = firstOf(held.map(({ name }) => name));
  const named = (some: readonly Block[]) => [...new Set(some.map(({ cidr }) => cidr))];
  return [
    ...(overPods.length > 0 ? [policyFinding("block-covers-pods", { blocks: named(overPods), ranges })] : []),
    ...(overNodes.length > 0
      ? [policyFinding("block-covers-nodes", { blocks: named(overNodes), nodes: first, more })]
      : []),
  ];
}

/** With these Cilium's answer is another one than that of who enforces it by the book. */
const changing: readonly PolicyFinding["code"][] = [
  "port-range-unknown",
  "sctp-off",
  "block-covers-pods",
  "block-covers-nodes",
  "label-not-seen",
];

function viewOf(policy: SourceObject, world: PolicyWorld): PolicyView {
  const { name, namespace = "default" } = policy.metadata;
  const selector = labelSelectorIn(policy.spec["podSelector"]);
  const { peers, ports } = rulesOf(policy);
  const pods = world.pods.filter((pod) => pod.namespace === namespace && selects(selector, pod.labels));
  const peerKeys = peers.flatMap(({ podSelector }) => keysOf(labelSelectorIn(podSelector)));
  const labels = labelsNotSeen([...keysOf(selector), ...peerKeys]);
  const findings = [
    ...blockFindings(peers, world),
    ...portFindings(ports, world),
    ...(labels.length > 0 ? [policyFinding("label-not-seen", { labels })] : []),
  ];
  const fate = findings.some(({ code }) => changing.includes(code)) ? "changes" : "kept";
  return {
    kind,
    namespace,
    name,
    fate,
    findings: [...findings, ...whileNodesMove(world, pods.length)],
    pods: pods.map(fullName),
    drafts: [],
  };
}

/** Kubernetes' own: Cilium enforces them as they are, with a few differences. */
export const kubernetesPolicies: PolicyDialect = {
  kinds: [kind],
  read: (world) => (world.objects[kind] ?? []).map((policy) => viewOf(policy, world)),
  closedHosts: () => [],
};
