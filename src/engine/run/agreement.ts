import type { AskedAgreement, RecordedTerm } from "../model/plan/asked-agreement.ts";
import {
  type CiliumTarget,
  type Consent,
  chartPlace,
  type JsonObject,
  type JsonValue,
  type Plan,
  type RebootMethod,
  type RunOptions,
} from "../model/plan-types.ts";
import type { Agreements } from "../model/ports/agreements.ts";
import type { RunRecord } from "../model/ports/records.ts";
import { leavesOf, valueAt } from "../values/merge.ts";
import { mergeUserValues } from "../values/user-values.ts";

function rebootTerm(reboot: RebootMethod): string {
  switch (reboot.method) {
    case "none":
      return "none: pods with old addresses are recreated";
    case "manual":
      return "by a person, node by node";
    case "kind":
      return "docker restart of the node's container, from the machine that runs crossfade";
    case "privileged-pod":
      return `a privileged pod on each node, image ${reboot.image}`;
    case "command":
      return `THIS COMMAND, ON THE MACHINE THAT RUNS CROSSFADE: ${JSON.stringify(reboot.argv)}`;
    default:
      return reboot satisfies never;
  }
}

const chartTerm = ({ chart, chartDigest, version, namespace, release }: CiliumTarget): string =>
  `${"path" in chart ? "local file " : ""}${chartPlace(chart)}, version ${version}, ${chartDigest === undefined ? "no digest" : `sha256:${chartDigest}`}, release ${namespace}/${release}`;

/** Long values are told apart by their beginning; the hash covers all of them. */
const short = (value: JsonValue | undefined): string => {
  const text = JSON.stringify(value ?? null);
  return text.length <= 120 ? text : `${text.slice(0, 120)}… (${text.length} characters)`;
};

/** Values that crossfade itself would not have chosen for this target: what somebody's values file says. */
function foreignValues({ cilium, values }: Plan): readonly RecordedTerm[] {
  const said = new Map<string, string>();
  for (const phase of ["initial", "final"] as const) {
    const own = mergeUserValues(cilium, phase, undefined);
    for (const path of pathsOf(values[phase], own)) {
      const value = valueAt(values[phase], path);
      if (JSON.stringify(value) !== JSON.stringify(valueAt(own, path))) said.set(path, short(value));
    }
  }
  if (said.size === 0) return [{ name: "values", text: "crossfade's own, nothing added" }];
  return [...said].map(([path, text]) => ({ name: "value", text: `${path}: ${text}` }));
}

const pathsOf = (...all: readonly JsonObject[]): ReadonlySet<string> =>
  new Set(all.flatMap((values) => leavesOf(values).map(([path]) => path)));

function podsTerm({ deleteBarePods, deleteEmptyDirData }: RunOptions): readonly RecordedTerm[] {
  const deleted = [
    ...(deleteBarePods ? ["pods without a controller, for good"] : []),
    ...(deleteEmptyDirData ? ["emptyDir data of the pods that move"] : []),
  ];
  return deleted.length === 0 ? [] : [{ name: "deletes", text: deleted.join("; ") }];
}

const iso = (at: number): string => new Date(at).toISOString();

/** What an engine that takes this record up would run, fetch and install. From the content, never from its own texts. */
export function recordedTerms({ plan, consents, direction }: RunRecord): readonly RecordedTerm[] {
  const { cluster, source, cilium, options, nodes, namespaceOfOthers } = plan;
  const given = Object.entries(consents).map(([name, { by, at }]) => `${name} by ${by} at ${iso(at)}`);
  return [
    { name: "made on", text: `${cluster.context} (${cluster.server})` },
    { name: "reboot", text: rebootTerm(options.reboot) },
    { name: "probe image", text: options.probeImage },
    ...(source.nftImage === null ? [] : [{ name: "image that removes nft tables", text: source.nftImage }]),
    ...(namespaceOfOthers ? [{ name: "namespace crossfade", text: "made by others, and used as it is" }] : []),
    { name: "chart", text: chartTerm(cilium) },
    { name: "pod CIDR", text: `${cilium.podCidr}, a /${cilium.maskSize} a node` },
    ...foreignValues(plan),
    ...podsTerm(options),
    { name: "nodes", text: `${nodes.length}${direction === "rollback" ? ", rolling back" : ""}` },
    { name: "consents", text: given.join("; ") || "none" },
  ];
}

/** What of a record has to be agreed to before an engine of this machine may act on it; null where all was. */
export function unagreed(record: RunRecord, agreements: Agreements): AskedAgreement | null {
  const known = agreements.of(record);
  const missing = Object.entries(record.consents)
    .filter(([name]) => !known?.consents.some((one) => one === name))
    .map(([consent, { by, at }]) => ({ consent: consent as Consent, by, at }));
  if (known !== null && missing.length === 0) return null;
  return {
    hash: agreements.hashOf(record.plan),
    startedAt: record.startedAt,
    isNew: known === null,
    consents: missing,
    terms: recordedTerms(record),
  };
}
