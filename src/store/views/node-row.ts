import type { Hold } from "../../engine/model/hold.ts";
import type { RollbackStepId, StepId } from "../../engine/model/node-state.ts";
import type { RunNode } from "../../engine/model/state.ts";
import { panel } from "../../words/audience.ts";
import { explain, explainFailure } from "../../words/explain.ts";
import { nodeStepTitles } from "../../words/step-titles.ts";
import { nodeAtWork } from "../motion.ts";
import type { PanelState } from "../panel-state.ts";
import { duration, wholeSeconds } from "../text/durations.ts";
import { drawn, inverse, type Line, type Span, span, textOf } from "../text/line.ts";
import { shortName } from "../text/short-name.ts";
import { cutMiddle, pad } from "../text/width.ts";
import { isHeld, wordOf, wordTones } from "../text/words.ts";
import { type NodeColumns, type OptionalColumn, wordColumns } from "./node-columns.ts";
import { standingWords } from "./node-standing.ts";
import { podBar } from "./pod-bar.ts";
import { shortCount } from "./traffic-lines.ts";

const gap = span(" ");

const waitWords = ({ reason }: Hold): string => explain(reason, panel).text;

/** Shorter waits would only make the column flicker. */
const quickMs = 3_000;

function stepInHand(state: PanelState, node: RunNode, step: StepId | RollbackStepId, since: number): Span {
  const { hold } = node;
  const { now } = state;
  if (!nodeAtWork(state, node)) return span(`stands at ${nodeStepTitles(step).title}`, "warn");
  if (hold && now - hold.since >= quickMs) return span(waitWords(hold), isHeld(node, now) ? "warn" : "busy");
  return span(`${nodeStepTitles(step).title} ${wholeSeconds(now - since)}`, "busy");
}

const waitsFor = ({ state, hold }: RunNode): Span =>
  state.phase === "deferred"
    ? span(hold ? waitWords(hold) : "to be rolled back once it is Ready", "warn")
    : span(hold ? waitWords(hold) : "", "quiet");

function whatItDoes(state: PanelState, node: RunNode): Span {
  const { state: nodeState } = node;
  switch (nodeState.phase) {
    case "migrating":
    case "rolling-back":
      return stepInHand(state, node, nodeState.step, nodeState.stepSince);
    case "failed":
      return span(explainFailure(nodeState.failure, panel, node.name).message, "bad");
    case "excluded":
      return span(nodeState.because, "quiet");
    case "migrated":
      return span(`took ${duration(nodeState.tookMs)}`, "quiet");
    case "rolled-back":
      return span("as it was before", "quiet");
    case "deferred":
    case "queued":
      return waitsFor(node);
    default:
      return nodeState satisfies never;
  }
}

function confOf({ snapshot }: RunNode): string {
  const names = [...(snapshot?.files ?? [])].map(({ name }) => name).sort();
  const more = names.length > 1 ? ` +${names.length - 1}` : "";
  return names.length === 0 ? "" : `${names[0]?.replace(/\.conflist$/, "")}${more}`;
}

/** The row begins with its node's name: where a sentence repeats it, its end would only be cut sooner. */
function withoutName(text: string, name: string): string {
  const own = ["", ":"].map((after) => `${name}${after} `).find((begin) => text.startsWith(begin));
  const rest = own === undefined ? text : text.slice(own.length);
  return `${rest} `.replaceAll(` on ${name} `, " ").replaceAll(` on ${name}, `, ", ").trimEnd();
}

/** The last column; first what is unusual of the node itself. */
function lastColumn(state: PanelState, node: RunNode): Line {
  const standing = standingWords(node);
  const said = whatItDoes(state, node);
  const does = { ...said, text: withoutName(said.text, node.name) };
  return standing === "" ? [does] : [span(`${standing}${does.text === "" ? "" : ", "}`, "warn"), does];
}

/** What the row says besides its short columns, in full. */
export function rowWords(state: PanelState, node: RunNode): string {
  return `${textOf(lastColumn(state, node))} ${confOf(node)}`;
}

type Cell = (state: PanelState, node: RunNode, width: number) => readonly Span[];

const cells: Readonly<Record<OptionalColumn, Cell>> = {
  role: (_state, { snapshot }, width) => [span(pad(snapshot?.controlPlane ? "ctrl" : "worker", width), "quiet")],
  cni: ({ run }, { snapshot }, width) => {
    if (snapshot?.cni === "cilium") return [span(pad("cilium", width), "cilium")];
    return [span(pad(snapshot?.cni === "source" ? (run.plan?.source.id ?? "old") : "?", width), "source")];
  },
  pods: (_state, { snapshot }, width) => {
    if (!snapshot) return [span(pad("-", width), "quiet")];
    const { source, cilium, host, unknown } = snapshot.pods;
    const text = `${shortCount(source)}/${shortCount(cilium)}/${shortCount(host + unknown)}`;
    return [span(pad(cutMiddle(text, width), width), unknown > 0 ? "warn" : "plain")];
  },
  bar: ({ glyphs }, { snapshot }, width) => (snapshot ? podBar(snapshot.pods, width, glyphs) : [span(pad("", width))]),
  conf: (_state, node, width) => [span(pad(cutMiddle(span(confOf(node)).text, width), width), "quiet")],
};

/** The columns from left to right; which of them are shown depends on the width. */
const order: readonly OptionalColumn[] = ["role", "cni", "conf", "pods", "bar"];

const heads: Readonly<Record<OptionalColumn, string>> = {
  role: "role",
  cni: "cni",
  conf: "conf files",
  pods: "old/new/h",
  bar: "",
};

/** The row above the nodes. */
export function headLine({ name, optional }: NodeColumns): Line {
  const middle = order.flatMap((column) => (optional[column] > 0 ? [pad(heads[column], optional[column])] : []));
  return [span(`   ${pad("state", wordColumns + 2)} ${[pad("node", name), ...middle, "step"].join(" ")}`, "quiet")];
}

/** One node as a row of the table. */
export function nodeLine(state: PanelState, node: RunNode, columns: NodeColumns, selected: boolean): Line {
  const { glyphs, view } = state;
  const word = wordOf(state, node);
  const marked = view.marks[node.name] === true;
  const middle = order.flatMap((column) => {
    const width = columns.optional[column];
    return width > 0 ? [gap, ...cells[column](state, node, width)] : [];
  });
  const line: Line = [
    span(selected ? glyphs.cursor : " ", "key"),
    drawn(marked ? glyphs.mark : view.rangeFrom === node.name ? glyphs.rule : " ", "key"),
    gap,
    span(`${glyphs.nodes[word]} ${pad(word, wordColumns)} `, wordTones[word]),
    span(
      pad(cutMiddle(span(shortName(state.run.order, node.name)).text, columns.name), columns.name),
      selected ? "strong" : "plain",
    ),
    ...middle,
    gap,
    ...lastColumn(state, node),
  ];
  return selected ? inverse(line) : line;
}
