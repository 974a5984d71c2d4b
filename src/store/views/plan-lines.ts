import type { CheckResult } from "../../engine/model/check-result.ts";
import { runStepsOf } from "../../engine/model/plan/step-order.ts";
import {
  chartPlace,
  type JsonValue,
  type Plan,
  type PlannedChange,
  shortDigest,
} from "../../engine/model/plan-types.ts";
import { counted, someOf } from "../../engine/model/some-of.ts";
import { panel } from "../../words/audience.ts";
import { checkSummary } from "../../words/check-summary.ts";
import { explainCheck } from "../../words/check-words.ts";
import { runStepTitles, withSource } from "../../words/step-titles.ts";
import { roughly } from "../text/durations.ts";
import { failureWords } from "../text/failure-words.ts";
import { foldLines } from "../text/fold-line.ts";
import type { Glyphs } from "../text/glyphs.ts";
import { drawn, type Line, lineWidth, span, type Tone } from "../text/line.ts";
import { pad, wrap } from "../text/width.ts";
import { sourceName } from "../text/words.ts";

const blank: Line = [span("")];

const head = (text: string, note = ""): Line => [span(text, "title"), span(note === "" ? "" : `  ${note}`, "quiet")];

function wrapped(text: string, width: number, tone: Tone, indent: string): readonly Line[] {
  return wrap(span(text).text, width - indent.length).map((part) => [span(indent + part, tone)]);
}

const levelTones = { ok: "good", warning: "warn", blocker: "bad" } as const;

/** So many objects are named in the check's own sentence. */
const namedInSentence = 3;

function checkLines(result: CheckResult, glyphs: Glyphs, width: number): readonly Line[] {
  const { level, objects } = result;
  const { title, message, remedy } = explainCheck(result, panel);
  const mark = { ok: glyphs.done, warning: glyphs.warning, blocker: glyphs.failed }[level];
  const shownObjects = objects.length > namedInSentence ? someOf(objects, 6) : "";
  return [
    [span(` ${mark} `, levelTones[level]), span(title, "strong")],
    ...wrapped(message, width, "plain", "   "),
    ...(shownObjects === "" ? [] : wrapped(shownObjects, width, "quiet", "   ")),
    ...(remedy === "" ? [] : wrapped(`${glyphs.arrow} ${remedy}`, width, levelTones[level], "   ")),
  ];
}

/** Why not all at once, and why not a new cluster: what each would take here. */
function whyPart({ checkResults }: Plan, width: number): readonly Line[] {
  const why = checkResults.find(({ check }) => check === "why-in-place");
  if (why === undefined) return [];
  const { title, message } = explainCheck(why, panel);
  return [head(title), ...wrapped(message, width, "plain", "   "), blank];
}

function checksPart({ checkResults }: Plan, glyphs: Glyphs, width: number): readonly Line[] {
  const of = (level: CheckResult["level"]) => checkResults.filter((result) => result.level === level);
  return [
    head("Preflight", checkSummary(checkResults)),
    ...[...of("blocker"), ...of("warning")].flatMap((result) => checkLines(result, glyphs, width)),
    blank,
  ];
}

/** What passed asks nothing of the reader: it stands together, behind what does. The page ends with what cannot be rolled back. */
function passedPart({ checkResults }: Plan, glyphs: Glyphs, width: number): readonly Line[] {
  const passed = checkResults.filter(({ level }) => level === "ok");
  if (passed.length === 0) return [];
  const titles = passed.map((result) => explainCheck(result, panel).title);
  const [first = [], ...more] = wrapped(titles.join(", "), width, "quiet", "   ");
  const marked: Line = [
    span(` ${glyphs.done} `, "good"),
    ...first.map(({ text, tone }) => span(text.trimStart(), tone)),
  ];
  return [head("Passed checks", String(passed.length)), marked, ...more, blank];
}

function factsPart(plan: Plan, width: number): readonly Line[] {
  const { source, cilium, options } = plan;
  const { kubernetesVersion, server } = plan.cluster;
  const ports = source.encapsulations.flatMap(({ port }) => (port === null ? [] : ` port ${port}`)).join("");
  const facts: readonly (readonly [string, string])[] = [
    ["from", `${sourceName(source)} ${source.version} ${source.mode}${ports}, pods in ${source.podCidrs.join(" ")}`],
    ["to", `Cilium ${cilium.version} ${cilium.tunnelProtocol} port ${cilium.tunnelPort}, pods in ${cilium.podCidr}`],
    ...(cilium.nativeRoutingCidr === undefined
      ? []
      : [["kept", `pods keep their IPs within ${cilium.nativeRoutingCidr}`] as const]),
    ["chart", `${chartPlace(cilium.chart)} ${shortDigest(cilium.chartDigest)}`],
    ["time", `${roughly(plan.estimateMs)} for ${counted(plan.nodes.length, "node")}`],
    ["reboot", options.reboot.method],
    ["failure", `a node that fails ${failureWords(options)}; retries by itself: ${options.retries}`],
    ["plan", plan.hash],
    ["rollback", plan.rollbackUntil],
  ];
  return [
    [span(` ${pad("cluster", 8)} `, "quiet"), span(`Kubernetes ${kubernetesVersion} at ${server}`)],
    ...facts.flatMap(([name, text]) =>
      wrap(span(text).text, width - 10).map(
        (part, index): Line => [span(` ${pad(index === 0 ? name : "", 8)} `, "quiet"), span(part)],
      ),
    ),
    blank,
  ];
}

const turnWords = {
  canary: "canary",
  worker: "worker",
  "control-plane": "control plane",
  "own-node": "runs this tool",
};

function nodesPart({ nodes, outside }: Plan, width: number): readonly Line[] {
  const name = Math.max(10, Math.min(40, width - 42, Math.max(...nodes.map((node) => node.name.length))));
  return [
    head("Order of the nodes"),
    ...nodes.map(
      (node, index): Line => [
        span(` ${pad(String(index + 1), 4, "left")} `, "quiet"),
        span(pad(span(node.name).text, name)),
        span(`  ${pad(turnWords[node.turn], 14)}`, node.turn === "canary" ? "key" : "quiet"),
        span(`${pad(`${node.podsToMove} pods`, 10)}`),
        span(`${roughly(node.estimateMs)}`, "quiet"),
      ],
    ),
    ...outside.flatMap(({ name: node, because }) =>
      wrapped(`takes no part: ${node}, ${because}`, width, "quiet", "   "),
    ),
    blank,
  ];
}

const shortJson = (value: JsonValue): string => JSON.stringify(value);

function valuesPart({ values }: Plan): readonly Line[] {
  return [
    head("Helm values that finalizing changes", "all others stay"),
    ...values.difference.map(
      ({ path, initial, final }): Line => [
        span(` ${pad(path, 34)} `),
        span(shortJson(initial), "source"),
        span(" → ", "quiet"),
        span(shortJson(final), "cilium"),
      ],
    ),
    blank,
  ];
}

const verbTones: Readonly<Record<PlannedChange["verb"], Tone>> = { create: "good", change: "warn", delete: "bad" };

function changeLines({ verb, kind, namespace, name, what, rollback }: PlannedChange, width: number): readonly Line[] {
  const object: Line = [
    span(`   ${pad(verb, 7)} `, verbTones[verb]),
    span(`${kind} ${namespace ? `${namespace}/` : ""}${name}`),
  ];
  const words = [what, rollback === null ? "" : `rollback: ${rollback}`].filter((text) => text !== "").join("; ");
  const onOne: Line = [...object, span(words === "" ? "" : `  ${words}`, "quiet")];
  return lineWidth(onOne) <= width ? [onOne] : [object, ...wrapped(words, width, "quiet", "           ")];
}

function changesPart(plan: Plan, glyphs: Glyphs, width: number): readonly Line[] {
  const source = sourceName(plan.source);
  const lines: Line[] = [head("Planned changes")];
  let pastReturn = false;
  for (const phase of runStepsOf(plan)) {
    const changes = plan.changes.filter((change) => change.phase === phase);
    if (changes.length === 0) continue;
    if (!pastReturn && changes.some(({ rollback }) => rollback === null)) {
      pastReturn = true;
      const words = ` POINT OF NO RETURN: what follows cannot be rolled back `;
      const side = Math.max(2, Math.floor((width - words.length) / 2));
      lines.push([
        drawn(glyphs.rule.repeat(side), "bad"),
        span(words, "alarm"),
        drawn(glyphs.rule.repeat(side), "bad"),
      ]);
    }
    lines.push([span(`  ${withSource(runStepTitles(phase).title, source)}`, "strong")]);
    lines.push(...changes.flatMap((change) => changeLines(change, width)));
  }
  return lines;
}

/** The plan as a page to read before anything is allowed: what speaks against it first. Nothing is cut. */
export function planLines(plan: Plan, glyphs: Glyphs, width: number): readonly Line[] {
  const lines = [
    ...factsPart(plan, width),
    ...checksPart(plan, glyphs, width),
    ...whyPart(plan, width),
    ...nodesPart(plan, width),
    ...valuesPart(plan),
    ...passedPart(plan, glyphs, width),
    ...changesPart(plan, glyphs, width),
  ];
  return foldLines(lines, width);
}
