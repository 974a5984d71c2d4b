import type { NodeSnapshot, PodLine } from "../../engine/model/events.ts";
import type { CniFile } from "../../engine/model/facts.ts";
import { beforeOf, type RollbackStepId, type StepId } from "../../engine/model/node-state.ts";
import { nodeStepsOf, type Planned, rollbackNodeStepsOf } from "../../engine/model/plan/step-order.ts";
import type { RunNode } from "../../engine/model/state.ts";
import { panel } from "../../words/audience.ts";
import { explain, explainFailure, objectWords } from "../../words/explain.ts";
import { nodeStepTitles } from "../../words/step-titles.ts";
import { engineAtWork, inHand, nodeAtWork } from "../motion.ts";
import type { PanelState } from "../panel-state.ts";
import { duration, wholeSeconds } from "../text/durations.ts";
import { foldLines } from "../text/fold-line.ts";
import { type Line, lineWidth, span, spread, type Tone } from "../text/line.ts";
import { timeOfDay } from "../text/times.ts";
import { pad, wrap } from "../text/width.ts";
import { sourceName, wordOf, wordTones } from "../text/words.ts";
import { podBar } from "./pod-bar.ts";
import { lossWords } from "./traffic-lines.ts";

const blank: Line = [span("")];

const head = (text: string, note = ""): Line => [span(text, "title"), span(note === "" ? "" : `  ${note}`, "quiet")];

const wrapped = (text: string, width: number, tone: Tone = "plain", indent = ""): readonly Line[] =>
  wrap(span(text).text, width - indent.length).map((part) => [span(indent + part, tone)]);

function stepsOf({ state }: RunNode, plan: Planned): readonly (StepId | RollbackStepId)[] {
  const back = state.phase === "rolling-back" || state.phase === "deferred" || state.phase === "rolled-back";
  const failedBack = state.phase === "failed" && state.step.startsWith("rollback-");
  return back || failedBack ? rollbackNodeStepsOf(plan) : nodeStepsOf(plan);
}

/** Wide enough for every title of a step. */
const titleColumns = 18;

/** What a step that is still to come does, where there is room for all of it. */
function comingStep(step: StepId | RollbackStepId, todo: string, width: number): Line {
  const { title, purpose } = nodeStepTitles(step);
  const known: Line = [span(` ${todo} `, "quiet"), span(pad(title, titleColumns), "quiet")];
  const told: Line = [...known, span(purpose, "quiet")];
  return lineWidth(told) <= width ? told : known;
}

function stepLine(state: PanelState, node: RunNode, step: StepId | RollbackStepId, width: number): Line {
  const { state: nodeState, timings } = node;
  const took = timings[step];
  const current = "step" in nodeState && nodeState.step === step;
  const { glyphs } = state;
  const { title } = nodeStepTitles(step);
  if (current && nodeState.phase === "failed") return [span(` ${glyphs.failed} `, "bad"), span(title, "bad")];
  if (current && !nodeAtWork(state, node))
    return [span(` ${glyphs.todo} `, "warn"), span(pad(title, titleColumns), "strong"), span("stands here", "warn")];
  if (current && "stepSince" in nodeState) {
    const spent = wholeSeconds(state.now - nodeState.stepSince);
    return [span(` ${glyphs.doing} `, "busy"), span(pad(title, titleColumns), "strong"), span(spent, "busy")];
  }
  if (took !== undefined) {
    return [span(` ${glyphs.done} `, "good"), span(pad(title, titleColumns)), span(duration(took), "quiet")];
  }
  return comingStep(step, glyphs.todo, width);
}

function fileLines(state: PanelState, files: readonly CniFile[], width: number): readonly Line[] {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const inCharge = sorted.find(({ name }) => /\.(conf|conflist|json)$/.test(name));
  return sorted.flatMap(({ name, content }) => {
    const first = name === inCharge?.name;
    const title: Line = [
      span(` ${first ? state.glyphs.doing : state.glyphs.todo} `, first ? "good" : "quiet"),
      span(name, first ? "strong" : "plain"),
      span(first ? "  in charge: sorts first" : "", "quiet"),
    ];
    const body = content
      .trimEnd()
      .split("\n")
      .flatMap((text) => chopped(text.replaceAll("\t", "  "), width - 5));
    return [title, ...body.map((text): Line => [span("   "), span(`${text}`, "quiet")])];
  });
}

/** A file's lines are broken where the pane ends, not at spaces: indentation carries meaning. */
function chopped(text: string, columns: number): readonly string[] {
  const safe = span(text).text;
  const parts: string[] = [];
  for (let from = 0; from < safe.length; from += columns) parts.push(safe.slice(from, from + columns));
  return parts.length === 0 ? [""] : parts;
}

const networks: Readonly<Record<PodLine["network"], { word: string; tone: Tone }>> = {
  source: { word: "old", tone: "source" },
  cilium: { word: "new", tone: "cilium" },
  host: { word: "host", tone: "quiet" },
  unknown: { word: "?", tone: "warn" },
};

function podLine({ network, namespace, name, ip, phase, ready }: PodLine, width: number): Line {
  const { word, tone } = networks[network];
  const state = phase === "Running" ? (ready ? "ready" : "not ready") : phase;
  const fixed = 6 + 16 + 10;
  return [
    span(` ${pad(word, 5)}`, tone),
    span(pad(`${namespace}/${name}`, Math.max(8, width - fixed))),
    span(` ${pad(ip, 15)}`, "quiet"),
    span(` ${state}`, ready || phase === "Succeeded" ? "quiet" : "warn"),
  ];
}

function podLines(state: PanelState, snapshot: NodeSnapshot, width: number): readonly Line[] {
  const { source, cilium, host, unknown } = snapshot.pods;
  const strange = unknown > 0 ? `, ${unknown} without an address of either` : "";
  return [
    head("Pods by network", `${source} old, ${cilium} new, ${host} host${strange}`),
    [span(" "), ...podBar(snapshot.pods, Math.min(30, width - 2), state.glyphs)],
    ...[...snapshot.podLines]
      .sort((a, b) => order.indexOf(a.network) - order.indexOf(b.network))
      .map((pod) => podLine(pod, width)),
    blank,
  ];
}

const order: readonly PodLine["network"][] = ["unknown", "source", "cilium", "host"];

function holdLines(state: PanelState, node: RunNode, width: number): readonly Line[] {
  if (node.state.phase === "failed") {
    const { message, remedy } = explainFailure(node.state.failure, panel, node.name);
    return [head("Failed"), ...wrapped(message, width, "bad", " "), ...wrapped(remedy, width, "plain", " "), blank];
  }
  if (node.state.phase === "excluded" && node.state.because !== "")
    return [head("Excluded"), ...wrapped(node.state.because, width, "plain", " "), blank];
  if (!node.hold) return [];
  const { reason, since } = node.hold;
  const { text, clearedBy } = explain(reason, panel);
  // What the one that is gone waited for may be so no more: nobody looks.
  if (inHand(node) && !engineAtWork(state))
    return [head("Waited for, when last heard of"), ...wrapped(text, width, "quiet", " "), blank];
  return [
    head("Waits for", `since ${wholeSeconds(state.now - since)}`),
    ...wrapped(text, width, "warn", " "),
    ...(reason.object ? wrapped(`blocked by ${objectWords(reason.object)}`, width, "plain", " ") : []),
    ...wrapped(`cleared by: ${clearedBy}`, width, "quiet", " "),
    blank,
  ];
}

function standing({ ready, cordoned, address }: NodeSnapshot, node: RunNode): Line {
  const kept = cordoned && beforeOf(node.state)?.cordoned ? " (as it was before)" : "";
  const words = `${ready ? "Ready" : "NotReady"}${cordoned ? ", cordoned" : ""}${kept}`;
  return [span(` ${words}`, ready ? "plain" : "warn"), span(`, ${address}`, "quiet")];
}

function factLines(state: PanelState, node: RunNode, width: number): readonly Line[] {
  const { snapshot } = node;
  if (!snapshot) return [[span(" not read yet", "quiet")], blank];
  const source = sourceName(state.run.plan?.source);
  const stranger = snapshot.files === null ? "a CNI that was not read yet" : `neither ${source} nor Cilium`;
  const names = { source, cilium: "Cilium", unknown: stranger };
  const by =
    snapshot.files === null && snapshot.cni !== "unknown"
      ? `${names[snapshot.cni]}, by plan and record`
      : names[snapshot.cni];
  const ranges = `old range ${snapshot.podCidrs.join(" ") || "none"}, new ${snapshot.ciliumCidrs.join(" ") || "none"}`;
  const agent = { none: "no agent", "not-ready": "agent not ready", ready: "agent ready" }[snapshot.agent];
  return [standing(snapshot, node), ...wrapped(`new pods by ${by}; ${agent}; ${ranges}`, width, "quiet", " "), blank];
}

function filesPart(state: PanelState, { snapshot }: RunNode, width: number): readonly Line[] {
  if (!snapshot?.files) {
    const why = state.watching ? " only their runner reads them" : " could not be read yet";
    return [head("CNI files"), [span(why, "quiet")], blank];
  }
  const age = snapshot.filesAt === null ? "" : `read at ${timeOfDay(snapshot.filesAt, state.zone)}`;
  return [head("CNI files in /etc/cni/net.d", age), ...fileLines(state, snapshot.files, width), blank];
}

function logPart(state: PanelState, { name }: RunNode, width: number): readonly Line[] {
  const own = state.news.filter(({ node }) => node === name).slice(-50);
  return [
    head("Log of this node"),
    ...(own.length === 0 ? [[span(" nothing yet", "quiet")]] : []),
    ...own.flatMap(({ at, level, text }) =>
      wrapped(
        `${timeOfDay(at, state.zone)} ${text}`,
        width,
        level === "info" ? "plain" : level === "error" ? "bad" : "warn",
        " ",
      ),
    ),
  ];
}

function leftoverPart({ leftovers }: RunNode, width: number): readonly Line[] {
  if (!leftovers) return [];
  const { left, unseen, looked } = leftovers;
  const lines = (texts: readonly string[], tone: Tone) => texts.flatMap((text) => wrapped(text, width, tone, " "));
  return [
    head("Left over"),
    ...(left.length === 0 ? lines([`nothing in ${looked.join(", ")}`], "quiet") : lines(left, "warn")),
    ...lines(
      unseen.map((place) => `not looked at: ${place}`),
      "warn",
    ),
    blank,
  ];
}

/** Of all nodes, for the traffic table cuts it where it has no room. */
function trafficPart(state: PanelState, width: number): readonly Line[] {
  const told = lossWords(state);
  if (told.length === 0) return [];
  return [
    head("Traffic of the whole run"),
    ...told.flatMap(({ text, lost }) => wrapped(text, width, lost ? "bad" : "quiet", " ")),
    blank,
  ];
}

/** Name, role and state: in one row where they fit, the name never cut. */
function titleLines(state: PanelState, node: RunNode, width: number): readonly Line[] {
  const word = wordOf(state, node);
  const name = span(node.name, "strong");
  const role = span(`  ${node.snapshot?.controlPlane ? "control plane" : "worker"}`, "quiet");
  const standing = [span(`${state.glyphs.nodes[word]} ${word}`, wordTones[word])];
  if (lineWidth([name, role, ...standing]) < width) return [spread([name, role], standing, width)];
  return [[name], spread([role], standing, width)];
}

/** Everything known of one node, top to bottom; the pane shows a window of it. Nothing is cut. */
export const detailsLines = (state: PanelState, node: RunNode, width: number): readonly Line[] =>
  foldLines(partsOf(state, node, width), width);

function partsOf(state: PanelState, node: RunNode, width: number): readonly Line[] {
  return [
    ...titleLines(state, node, width),
    ...factLines(state, node, width),
    ...holdLines(state, node, width),
    head("Steps"),
    ...stepsOf(node, state.run.plan).map((step) => stepLine(state, node, step, width)),
    blank,
    ...filesPart(state, node, width),
    ...(node.snapshot ? podLines(state, node.snapshot, width) : []),
    ...leftoverPart(node, width),
    ...trafficPart(state, width),
    ...logPart(state, node, width),
  ];
}
