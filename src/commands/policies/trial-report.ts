import { counted, someOf } from "../../engine/model/some-of.ts";
import { type DeniedPair, deniedByPolicy } from "../../engine/policies/trial/count.ts";
import { partOf, type TriedNode } from "../../engine/policies/trial/trial.ts";
import { harmlessJson } from "../../store/text/foreign.ts";
import type { AgentsSeen } from "./agents.ts";
import { thrownWords } from "./thrown-words.ts";

/** All that a trial found. */
export interface Tried {
  readonly tried: readonly TriedNode[];
  readonly pairs: readonly DeniedPair[];
  readonly found: AgentsSeen;
  /** How many policies Cilium enforces, or would. */
  readonly policies: number;
}

const would = { does: "would deny", done: "would be denied" };
const really = { does: "denied", done: "were denied" };

/** Further pairs are in the JSON. */
const mostPairs = 40;

const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;

/** Why a node is not judged at all, or not all the time. */
function notJudged({ tried, found }: Tried): readonly string[] {
  const without = found.seen.filter((one) => partOf(one) === "no-pods").map(({ node }) => node);
  const mute = found.seen.filter((one) => partOf(one) === "silent").map(({ node }) => node);
  return [
    ...tried.flatMap(({ node, trouble, listenedMs }) =>
      trouble === null ? [] : [`${node}: judged for ${seconds(listenedMs)} only: ${thrownWords(trouble)}`],
    ),
    ...found.silent.map(([node, why]) => `${node}: not judged: ${why}`),
    ...(mute.length === 0 ? [] : [`${someOf(mute)}: not judged: PolicyVerdictNotification is off there`]),
    ...(without.length === 0 ? [] : [`${someOf(without)}: no pod has Cilium's network there, so nothing was judged`]),
  ];
}

const asked = ({ protocol, port }: DeniedPair) => `${protocol}${port === null ? "" : ` ${port}`}`;
const other = ({ other: { kind, name } }: DeniedPair) => (kind === "outside" ? `${name} (outside)` : `${kind} ${name}`);
const arrow = (pair: DeniedPair) =>
  pair.direction === "ingress" ? `${pair.pod} from ${other(pair)}` : `${pair.pod} to ${other(pair)}`;

function pairLine(pair: DeniedPair, width: number): string {
  const by = pair.policies.length === 0 ? "no policy that selects it is left" : someOf(pair.policies, 2);
  return `${String(pair.connections).padStart(width)}  ${asked(pair).padEnd(9)}  ${arrow(pair)}  (${by})`;
}

const sum = (pairs: readonly DeniedPair[]) => pairs.reduce((all, { connections }) => all + connections, 0);

/** Pods of other nodes come to Cilium's as their node: what they ask is told as the node's. */
function caveats({ tried, pairs, found }: Tried): readonly string[] {
  const elsewhere = found.seen.filter((one) => partOf(one) === "no-pods").length + found.silent.length;
  const fromNodes = pairs.some((pair) => pair.other.kind === "node");
  return [
    "Only connections that were opened meanwhile are counted; a connection that was open before, or that no pod tried, is not judged.",
    ...(elsewhere > 0 && fromNodes
      ? [
          `${counted(elsewhere, "node")} ${elsewhere === 1 ? "is" : "are"} not on Cilium yet: pods there come as their node, so that a line with a node may be one of them, which is allowed once they are migrated.`,
        ]
      : []),
    ...(tried.some(({ part }) => part === "listen")
      ? ["Where Cilium enforces policies already nothing was changed: what was denied there was denied indeed."]
      : []),
  ];
}

function reportLines(report: Tried): readonly string[] {
  const { tried, pairs, policies } = report;
  const judged = tried.filter(({ listenedMs }) => listenedMs > 0);
  const longest = Math.max(0, ...judged.map(({ listenedMs }) => listenedMs));
  const width = String(Math.max(0, ...pairs.map(({ connections }) => connections))).length;
  const byPolicy = deniedByPolicy(pairs);
  const verb = pairs.every(({ action }) => action === "denied") ? really : would;
  const restored = tried.every(({ notRestored }) => notRestored === null);
  return [
    `${counted(policies, "policy")} judged by Cilium for ${seconds(longest)} on ${counted(judged.length, "node")}${judged.length === 0 ? "" : ` (${someOf(judged.map(({ node }) => node))})`}.`,
    ...notJudged(report),
    pairs.length === 0
      ? "No connection would be denied."
      : `${counted(sum(pairs), "connection")} of ${counted(pairs.length, "pair")} ${verb.done}:`,
    ...pairs.slice(0, mostPairs).map((pair) => `  ${pairLine(pair, width)}`),
    ...(pairs.length > mostPairs ? [`  and ${pairs.length - mostPairs} more pairs, which --json prints`] : []),
    ...byPolicy.map(
      (one) => `${one.policy}: ${verb.does} ${counted(one.connections, "connection")} of ${counted(one.pairs, "pair")}`,
    ),
    ...caveats(report),
    ...(restored && tried.some(({ part }) => part === "change") ? ["Every agent is as it was before."] : []),
  ];
}

const jsonOf = (report: Tried) => ({
  nodes: [
    ...report.tried.map(({ node, part, listenedMs, trouble, notRestored }) => ({
      node,
      changed: part === "change",
      listenedMs: Math.round(listenedMs),
      trouble: trouble === null ? null : thrownWords(trouble),
      restored: notRestored === null,
    })),
    ...report.found.silent.map(([node, why]) => ({
      node,
      changed: false,
      listenedMs: 0,
      trouble: why,
      restored: true,
    })),
  ],
  withoutPods: report.found.seen.filter((one) => partOf(one) === "no-pods").map(({ node }) => node),
  denied: report.pairs,
  policies: deniedByPolicy(report.pairs),
});

export function printTrial(
  report: Tried,
  { json, write }: { readonly json: boolean; readonly write: (line: string) => void },
): void {
  if (json) write(harmlessJson(jsonOf(report), 2));
  else for (const line of reportLines(report)) write(line);
}
