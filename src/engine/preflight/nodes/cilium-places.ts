import type { Taint, Toleration } from "../../model/cluster/taints.ts";
import type { NodeFacts } from "../../model/facts.ts";
import type { JsonObject, JsonValue } from "../../model/plan-types.ts";
import { serves, tolerates } from "../../observe/serves.ts";
import { isObject, valueAt } from "../../values/merge.ts";
import { atLeast, parseVersion } from "../../values/version.ts";
import { type Check, type CheckInput, type Finding, few, ok, some, warning } from "../check.ts";

const toleratesAll: readonly Toleration[] = [{ key: "", operator: "Exists", value: "", effect: "" }];

/** Since 1.18 the chart's operator tolerates these alone, and no more every taint. */
const ofOperator: readonly Toleration[] = [
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/master",
  "node.kubernetes.io/not-ready",
  "node.cloudprovider.kubernetes.io/uninitialized",
  "node.cilium.io/agent-not-ready",
].map((key) => ({ key, operator: "Exists", value: "", effect: "" }));

const aText = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

/** A list in values replaces the chart's, and null takes it away. */
function givenTolerations(value: JsonValue): readonly Toleration[] {
  const entries = Array.isArray(value) ? value.filter(isObject) : [];
  return entries.map(({ key, operator, value: of, effect }) => ({
    key: aText(key),
    operator: operator === "Exists" ? "Exists" : "Equal",
    value: aText(of),
    effect: aText(effect),
  }));
}

function tolerationsAt(values: JsonObject, path: string, byChart: readonly Toleration[]): readonly Toleration[] {
  const given = valueAt(values, path);
  return given === undefined ? byChart : givenTolerations(given);
}

const keepsAway = ({ effect }: Taint) => effect === "NoSchedule" || effect === "NoExecute";

const unbearable = (node: NodeFacts, tolerations: readonly Toleration[]): readonly Taint[] =>
  node.taints.filter((taint) => keepsAway(taint) && !tolerations.some((one) => tolerates(one, taint)));

function selected(node: NodeFacts, values: JsonObject): boolean {
  const selector = valueAt(values, "operator.nodeSelector");
  return !isObject(selector) || Object.entries(selector).every(([key, value]) => node.labels[key] === value);
}

const taintText = ({ key, value, effect }: Taint) => `${key}${value === "" ? "" : `=${value}`}:${effect}`;

function operatorFinding({ members, target }: CheckInput, values: JsonObject): Finding | null {
  const version = parseVersion(target.version);
  const byChart = version && !atLeast(version, 1, 18) ? toleratesAll : ofOperator;
  const tolerations = tolerationsAt(values, "operator.tolerations", byChart);
  const { nodes } = members;
  const places = nodes.filter(
    (node) => !node.cordoned && selected(node, values) && unbearable(node, tolerations).length === 0,
  );
  const [only] = places;
  if (only && (places.length > 1 || nodes.length === 1)) return null;
  if (only) return warning("operator-on-one-node", { node: only.name }, [only.name]);
  const taints = [...new Set(nodes.flatMap((node) => unbearable(node, tolerations)).map(taintText))];
  const names = nodes.map(({ name }) => name);
  return warning("operator-without-node", { version: target.version, ...few(taints) }, names);
}

function agentsFinding({ members }: CheckInput, values: JsonObject): Finding | null {
  const tolerations = tolerationsAt(values, "tolerations", toleratesAll);
  const without = members.nodes.filter((node) => !serves({ nodeSelector: {}, nodes: null, tolerations }, node));
  if (without.length === 0) return null;
  const names = without.map(({ name }) => name);
  const taints = [...new Set(without.flatMap((node) => unbearable(node, tolerations)).map(taintText))];
  const { first, more } = few(taints);
  return warning("nodes-without-agent", { ...some(names), taints: first, more }, names);
}

/** A DaemonSet's agents bear every taint, the operator since 1.18 few; with none of it they wait for CRDs for ever. */
export const ciliumPlaces: Check = {
  id: "cilium-places",
  check(input) {
    const values = input.options.userValues ?? {};
    const found = agentsFinding(input, values) ?? operatorFinding(input, values);
    return found ?? ok();
  },
};
