import { CrossfadeError } from "../model/errors.ts";
import type { CiliumTarget, JsonObject, JsonValue, SourceFacts } from "../model/plan-types.ts";
import type { Chart, SchemaProblem } from "../model/ports/charts.ts";
import { reason } from "../model/reason.ts";
import { formatCidr, overlaps, parseCidr } from "../net/cidr.ts";
import { type KeyFindings, unknownKeys } from "./chart-schema.ts";
import { deepMerge, isObject, leavesOf, valueAt } from "./merge.ts";
import { removedValues, reservedConfig, valueRules } from "./rules.ts";
import { essentialValues, softValues } from "./values.ts";
import type { ValuesPhase } from "./values-phase.ts";

const show = (value: JsonValue) => JSON.stringify(value);

/** What the user's file wants of the target; the rest of the plan is made with it. */
export interface AdoptedValues {
  readonly podCidr?: string;
  readonly maskSize?: number;
  readonly tunnelPort?: number;
  readonly tunnelProtocol?: "vxlan" | "geneve";
  readonly operatorReplicas?: number;
}

/** The one range of clusterPoolIPv4PodCIDRList: the chart takes a list, or its items in one text. */
function poolOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  return typeof value === "string" ? value.split(/[\s,]+/).filter((part) => part !== "") : [];
}

/** Reads what the user's file says of pool and tunnel, so that the target agrees with it. */
export function adoptUserValues(user: JsonObject): AdoptedValues {
  const [podCidr] = poolOf(valueAt(user, "ipam.operator.clusterPoolIPv4PodCIDRList"));
  const maskSize = valueAt(user, "ipam.operator.clusterPoolIPv4MaskSize");
  const tunnelPort = valueAt(user, "tunnelPort");
  const tunnelProtocol = valueAt(user, "tunnelProtocol");
  const replicas = valueAt(user, "operator.replicas");
  return {
    ...(typeof podCidr === "string" ? { podCidr } : {}),
    ...(typeof maskSize === "number" ? { maskSize } : {}),
    ...(typeof tunnelPort === "number" && tunnelPort > 0 ? { tunnelPort } : {}),
    ...(tunnelProtocol === "vxlan" || tunnelProtocol === "geneve" ? { tunnelProtocol } : {}),
    ...(typeof replicas === "number" ? { operatorReplicas: replicas } : {}),
  };
}

function brokenRules(user: JsonObject): readonly string[] {
  return valueRules.flatMap(({ path, only, because }) => {
    const value = valueAt(user, path);
    if (value === undefined || only.some((allowed) => allowed === value)) return [];
    return [`${path} must not be ${show(value)}, because ${because}`];
  });
}

function removed(user: JsonObject): readonly string[] {
  return Object.entries(removedValues).flatMap(([path, instead]) =>
    valueAt(user, path) === undefined ? [] : [`${path} was removed from the chart: ${instead}`],
  );
}

/** The maps above these paths: of cni.customConf that is cni. */
const mapsAbove = (paths: readonly string[]): readonly string[] => [
  ...new Set(
    paths.flatMap((path) =>
      path
        .split(".")
        .slice(0, -1)
        .map((_, index, keys) => keys.slice(0, index + 1).join(".")),
    ),
  ),
];

/** A map that is no map would replace everything that we say below it, and hide what must not be said there. */
function notMaps(user: JsonObject, target: CiliumTarget): readonly string[] {
  const ours = leavesOf(mergeUserValues(target, "initial")).map(([path]) => path);
  return mapsAbove([...ours, ...valueRules.map(({ path }) => path)]).flatMap((path) => {
    const value = valueAt(user, path);
    return value === undefined || isObject(value) ? [] : [`${path} must be a map, not ${show(value)}`];
  });
}

function poolProblems(user: JsonObject, target: CiliumTarget, source: SourceFacts): readonly string[] {
  const path = "ipam.operator.clusterPoolIPv4PodCIDRList";
  const given = valueAt(user, path);
  if (given === undefined) return [];
  const pool = poolOf(given);
  const [only] = pool;
  const range = typeof only === "string" ? parseCidr(only) : null;
  if (pool.length !== 1 || !range || typeof only !== "string")
    return [`${path} must hold exactly one range, not ${show(given)}`];
  if (formatCidr(range) !== only) return [`${path}: ${only} is no network address: write ${formatCidr(range)}`];
  const hit = source.podCidrs.find((text) => {
    const cidr = parseCidr(text);
    return cidr !== null && overlaps(cidr, range);
  });
  if (hit) return [`${path}: ${only} overlaps ${hit}, which the old CNI uses`];
  return only === target.podCidr ? [] : [`${path} is ${only}, but the plan was asked for ${target.podCidr}`];
}

function tunnelProblems(user: JsonObject, target: CiliumTarget, source: SourceFacts): readonly string[] {
  const problems: string[] = [];
  const port = valueAt(user, "tunnelPort");
  const protocol = valueAt(user, "tunnelProtocol");
  if (port !== undefined && source.encapsulations.some((one) => one.port === port)) {
    problems.push(`tunnelPort must not be ${show(port)}, because the old CNI's overlay uses that port on every node`);
  } else if (port !== undefined && port !== target.tunnelPort) {
    problems.push(`tunnelPort is ${show(port)}, but the plan needs ${target.tunnelPort}`);
  }
  if (protocol !== undefined && protocol !== target.tunnelProtocol) {
    problems.push(`tunnelProtocol is ${show(protocol)}, but the plan needs ${show(target.tunnelProtocol)}`);
  }
  const mask = valueAt(user, "ipam.operator.clusterPoolIPv4MaskSize");
  if (mask !== undefined && mask !== target.maskSize) {
    problems.push(`ipam.operator.clusterPoolIPv4MaskSize is ${show(mask)}, but the plan needs ${target.maskSize}`);
  }
  return problems;
}

function agentPlacement(user: JsonObject): readonly string[] {
  const selector = valueAt(user, "nodeSelector");
  const narrow = isObject(selector) && Object.keys(selector).some((key) => key !== "kubernetes.io/os");
  const config = valueAt(user, "extraConfig");
  const reserved = isObject(config) ? Object.keys(config).filter((key) => reservedConfig.has(key)) : [];
  return [
    ...(narrow
      ? [`nodeSelector must not narrow the agents' nodes (${show(selector)}), because every node needs one`]
      : []),
    ...reserved.map((key) => `extraConfig.${key} must not be set: the plan's own values decide it`),
  ];
}

function lived(user: JsonObject): readonly string[] {
  const notes: readonly (readonly [string, (value: JsonValue) => boolean, string])[] = [
    [
      "cni.exclusive",
      (value) => value === false,
      "cni.exclusive is false: other CNI files stay active, and whichever sorts first decides",
    ],
    [
      "operator.setNodeTaints",
      (value) => value !== false,
      "operator.setNodeTaints is on: every node is tainted NoSchedule until its agent is Ready",
    ],
    [
      "hubble.relay.enabled",
      (value) => value === true,
      "hubble.relay.enabled is on: it needs port 4244 open between all nodes",
    ],
    [
      "nodeinit.enabled",
      (value) => value === true,
      "nodeinit.enabled is on: it changes nodes before they are migrated",
    ],
    ["image.tag", (value) => value !== null, "image.tag overrides the version of the plan"],
    ["upgradeCompatibility", (value) => value !== null, "upgradeCompatibility keeps the defaults of an older Cilium"],
    [
      "policyEnforcementMode",
      () => wantedEnforcement(user) === "never",
      "policyEnforcementMode is never: policies are not enforced, after the migration either",
    ],
    ["tolerations", () => true, "tolerations replaces the agents' own: a node that they do not tolerate gets no agent"],
  ];
  return notes.flatMap(([path, bites, note]) => {
    const value = valueAt(user, path);
    return value !== undefined && bites(value) ? [note] : [];
  });
}

/** What the chart's schema has against the values of both phases. */
export function schemaProblems(chart: Chart, target: CiliumTarget, user: JsonObject = {}): readonly SchemaProblem[] {
  const all = (["initial", "final"] as const).flatMap((phase) => chart.problems(mergeUserValues(target, phase, user)));
  return [...new Map(all.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

/** What of it the user's file brought. */
function againstSchema(user: JsonObject, target: CiliumTarget, chart: Chart): readonly string[] {
  const told = ({ path, message }: SchemaProblem) => `${path} does not fit the chart's schema: ${message}`;
  const ours = new Set(schemaProblems(chart, target).map(told));
  return schemaProblems(chart, target, user)
    .map(told)
    .filter((one) => !ours.has(one));
}

const nothingUnknown: KeyFindings = { refused: [], warnings: [] };

/** A chart that could not be read, or has no schema, is said elsewhere. */
function ofChart(user: JsonObject, target: CiliumTarget, chart: Chart | null): KeyFindings {
  if (chart?.schema == null) return nothingUnknown;
  const { refused, warnings } = unknownKeys(user, chart.schema);
  return { refused: [...refused, ...againstSchema(user, target, chart)], warnings };
}

/** What the file is held against. */
export interface ValuesContext {
  readonly target: CiliumTarget;
  readonly source: SourceFacts;
  /** Null where it could not be read. */
  readonly chart: Chart | null;
}

/** Throws VALUES_REFUSED with everything at once that would break the hybrid phase; what can be lived with comes back as warnings. */
export function checkUserValues(user: JsonObject, { target, source, chart }: ValuesContext): readonly string[] {
  const keys = ofChart(user, target, chart);
  const refused = [
    ...notMaps(user, target),
    ...removed(user),
    ...keys.refused,
    ...brokenRules(user),
    ...poolProblems(user, target, source),
    ...tunnelProblems(user, target, source),
    ...agentPlacement(user),
  ];
  if (refused.length === 0) return [...keys.warnings, ...lived(user)];
  throw new CrossfadeError("VALUES_REFUSED", reason("values-refused", { problems: refused }));
}

/** Of the hybrid phase alone: who has one of these in his file has the values of Cilium's migration guide, its "never" among them. */
const ofTheGuide: readonly (readonly [path: string, value: boolean])[] = [
  ["cni.customConf", true],
  ["operator.unmanagedPodWatcher.restart", false],
];

/** What the user's own file wants policies to do once the hybrid phase is over; null where it does not say. */
function wantedEnforcement(user: JsonObject): string | null {
  const mode = valueAt(user, "policyEnforcementMode");
  if (typeof mode !== "string") return null;
  const isGuides = ofTheGuide.some(([path, value]) => valueAt(user, path) === value);
  return mode === "never" && isGuides ? null : mode;
}

/** Values that helm is handed: ours, the user's over what may be chosen, and what the migration rests on over all. */
export function mergeUserValues(target: CiliumTarget, phase: ValuesPhase, user: JsonObject = {}): JsonObject {
  const essential = essentialValues(target, phase);
  const merged = deepMerge(deepMerge(deepMerge(softValues(target), essential), user), essential);
  const wanted = phase === "final" ? wantedEnforcement(user) : null;
  return wanted === null ? merged : { ...merged, policyEnforcementMode: wanted };
}
