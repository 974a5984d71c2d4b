import type { CheckResult } from "../../engine/model/check-result.ts";
import {
  type CiliumTarget,
  chartPlace,
  type Plan,
  type PlannedChange,
  type PlannedNode,
  type RebootMethod,
  type SourceFacts,
  shortDigest,
} from "../../engine/model/plan-types.ts";
import { fewOf } from "../../engine/model/some-of.ts";
import { roughlyInWords } from "../../store/text/durations.ts";
import { failureWords } from "../../store/text/failure-words.ts";
import { lines } from "../../words/audience.ts";
import { checkSummary } from "../../words/check-summary.ts";
import { explainCheck } from "../../words/check-words.ts";
import { runStepTitles, withSource } from "../../words/step-titles.ts";
import { imageLines, type NeededImages } from "../processes/needed-images.ts";
import { hanging, spread } from "./plain-text.ts";
import { visible } from "./visible.ts";

const turnWords: Readonly<Record<PlannedNode["turn"], string>> = {
  canary: "canary",
  worker: "worker",
  "control-plane": "control plane",
  "own-node": "runs crossfade",
};

function oldNetwork({ name, version, mode, encapsulations, podCidrs, mtu }: SourceFacts): string {
  const tunnel = [
    mode,
    ...encapsulations.flatMap(({ port, vni }) => [
      port === null ? "" : `UDP ${port}`,
      vni === null ? "" : `VNI ${vni}`,
    ]),
    mtu === 0 ? "" : `MTU ${mtu}`,
  ];
  return `${name} ${version || "(version unknown)"}: ${podCidrs.join(", ")} (${tunnel.filter((part) => part !== "").join(", ")})`;
}

function newNetwork({
  version,
  podCidr,
  maskSize,
  tunnelProtocol,
  tunnelPort,
  nativeRoutingCidr,
}: CiliumTarget): string {
  const kept = nativeRoutingCidr === undefined ? "" : `; pods keep their IPs within ${nativeRoutingCidr}`;
  return `Cilium ${version}: ${podCidr}, a /${maskSize} each (${tunnelProtocol}, UDP ${tunnelPort})${kept}`;
}

function restart(reboot: RebootMethod): string {
  switch (reboot.method) {
    case "none":
      return "not at all: pods with old addresses are recreated";
    case "manual":
      return "by you: the run waits at each node";
    case "kind":
      return "as containers of kind";
    case "privileged-pod":
      return "by a short-lived privileged pod";
    case "command":
      return `by: ${reboot.argv.join(" ")}`;
    default:
      return reboot satisfies never;
  }
}

function summary(plan: Plan, columns: number): readonly string[] {
  const { cluster, cilium, options } = plan;
  const rows: readonly (readonly [string, string])[] = [
    ["Cluster", `${cluster.context} (${cluster.server}), Kubernetes ${cluster.kubernetesVersion}`],
    ["From", oldNetwork(plan.source)],
    ["To", newNetwork(cilium)],
    [
      "Chart",
      `${chartPlace(cilium.chart)} (${shortDigest(cilium.chartDigest)}), release ${cilium.namespace}/${cilium.release}`,
    ],
    ["Services", cluster.serviceCidrs.join(", ") || "range unknown"],
    ["Restarts", restart(options.reboot)],
    [
      "Failures",
      `a node that fails ${failureWords(options)}; ${options.retries === 0 ? "no retry" : `${options.retries} ${options.retries === 1 ? "retry" : "retries"}`} by itself`,
    ],
    [
      "Takes",
      `about ${roughlyInWords(plan.estimateMs)}, without the time for your consents (a guess from other clusters)`,
    ],
    ["Plan", plan.hash],
  ];
  return rows.flatMap(([name, text]) => hanging(`  ${name.padEnd(10)}`, text, columns));
}

function checkLines(result: CheckResult, columns: number): readonly string[] {
  const { level, objects } = result;
  const { message, remedy } = explainCheck(result, lines);
  return [
    ...hanging(`  ${level.toUpperCase().padEnd(9)}`, message, columns),
    ...hanging(`           do: `, remedy, columns),
    ...(objects.length > 3 ? fewOf(objects, 8).flatMap((name) => hanging("             - ", name, columns)) : []),
  ];
}

function checksSection(checkResults: readonly CheckResult[], columns: number): readonly string[] {
  const blockers = checkResults.filter(({ level }) => level === "blocker");
  const warnings = checkResults.filter(({ level }) => level === "warning");
  return [
    `Preflight: ${checkSummary(checkResults)}`,
    ...[...blockers, ...warnings].flatMap((result) => checkLines(result, columns)),
  ];
}

/** Empty for a plan of an older engine, which compared nothing. */
function whySection({ checkResults }: Plan, columns: number): readonly string[] {
  const why = checkResults.find(({ check }) => check === "why-in-place");
  if (why === undefined) return [];
  const { title, message } = explainCheck(why, lines);
  return [title, ...hanging("  ", message, columns)];
}

function nodesSection({ nodes, outside, options }: Plan, columns: number): readonly string[] {
  const widest = Math.min(Math.max(4, ...nodes.map(({ name }) => name.length)), Math.max(12, columns - 44));
  const rows = nodes.flatMap((node, index) => {
    const pods = node.podsToMove === 1 ? "1 pod" : `${node.podsToMove} pods`;
    const place = `  ${String(index + 1).padStart(4)}  `;
    const facts = `${turnWords[node.turn].padEnd(14)} ${pods.padStart(9)}  ${roughlyInWords(node.estimateMs).padStart(8)}`;
    return spread(place, node.name, { width: widest, tail: facts });
  });
  const out = options.exclude.length === 0 ? [] : hanging("  Excluded: ", options.exclude.join(", "), columns);
  const apart = outside.flatMap(({ name, because }) => hanging("  No part:  ", `${name}: ${because}`, columns));
  return ["Nodes, in this order", ...rows, ...out, ...apart];
}

function valuesSection({ values }: Plan, columns: number): readonly string[] {
  const rows = values.difference.flatMap(({ path, initial, final }) =>
    hanging("  ", `${path}: ${JSON.stringify(initial)} -> ${JSON.stringify(final)}`, columns),
  );
  return [
    "Values that change at the end",
    ...rows,
    ...hanging("  ", "All of them: crossfade plan --values DIR", columns),
  ];
}

function changeLines(
  { verb, kind, namespace, name, what, rollback }: PlannedChange,
  columns: number,
): readonly string[] {
  const object = `${kind} ${namespace === null ? "" : `${namespace}/`}${name}`;
  const back = rollback === null ? "rollback: none" : `rollback: ${rollback}`;
  return [
    ...hanging(`    ${verb.padEnd(7)} `, `${object}: ${what}`, columns),
    ...hanging("            ", back, columns),
  ];
}

function changesSection({ source, changes }: Plan, columns: number): readonly string[] {
  const phases = [...new Set(changes.map(({ phase }) => phase))];
  return [
    "Planned changes",
    ...phases.flatMap((phase) => [
      `  ${withSource(runStepTitles(phase).title, source.name)}`,
      ...changes.filter((change) => change.phase === phase).flatMap((change) => changeLines(change, columns)),
    ]),
  ];
}

/** A plan as plain lines for a terminal of this width; no colours, so that it can be piped and compared. */
export function printPlan(plan: Plan, images: NeededImages, columns: number): string[] {
  const width = Math.max(40, columns);
  const sections = [
    ["Plan of the migration", ...summary(plan, width)],
    whySection(plan, width),
    checksSection(plan.checkResults, width),
    nodesSection(plan, width),
    valuesSection(plan, width),
    changesSection(plan, width),
    imageLines(images, width),
    ["Point of no return", ...hanging("  ", plan.rollbackUntil, width)],
  ];
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : ["", ...section]))
    .map(visible);
}
