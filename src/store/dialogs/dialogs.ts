import type { Consent, Plan, PlannedChange, RebootMethod } from "../../engine/model/plan-types.ts";
import { counted, someOf } from "../../engine/model/some-of.ts";
import type { RunNode } from "../../engine/model/state.ts";
import { panel } from "../../words/audience.ts";
import { explainCheck } from "../../words/check-words.ts";
import { explainFailure } from "../../words/explain.ts";
import { noteWords } from "../../words/notes/note-words.ts";
import type { Act, Choice, Dialog, PanelState } from "../panel-state.ts";
import { roughly } from "../text/durations.ts";
import { failureWords } from "../text/failure-words.ts";
import { type Line, span } from "../text/line.ts";
import { sourceName } from "../text/words.ts";
import { ofOneKind } from "./of-one-kind.ts";

/** A dialog before it is opened: the store stamps when and by which input. */
export type Draft = Pick<Dialog, "title" | "body" | "danger" | "answer"> & Partial<Pick<Dialog, "first" | "seen">>;

/** A line in one tone. */
export const line = (text: string): Line => [span(text)];
const nothing: Act = { do: "nothing" };

/** An answer by a list whose first entry does nothing. */
export const choose = (first: string, ...choices: readonly Choice[]): Dialog["answer"] => ({
  by: "choice",
  choices: [{ label: first, act: nothing }, ...choices],
  index: 0,
});

const consent = (state: PanelState, which: Consent, said: string): Act => ({
  do: "ask",
  request: { request: "consent", consent: which, by: state.user },
  said,
});

function rebootWords(reboot: RebootMethod): string {
  switch (reboot.method) {
    case "none":
      return "no reboot: every pod with an old address is recreated";
    case "manual":
      return "each node waits until you have rebooted it and pressed b";
    case "kind":
      return "the node's container is restarted";
    case "privileged-pod":
      return "a privileged pod reboots the node";
    case "command":
      return `reboot by the command ${reboot.argv.join(" ")}`;
    default:
      return reboot satisfies never;
  }
}

function turns(nodes: Plan["nodes"]): string {
  const count = (turn: string) => nodes.filter((node) => node.turn === turn).length;
  const parts = [
    [count("canary"), "canary"],
    [count("worker"), "worker"],
    [count("control-plane"), "control plane"],
    [count("own-node"), "node that this tool runs on"],
  ] as const;
  return parts.flatMap(([number, word]) => (number > 0 ? [counted(number, word)] : [])).join(", ");
}

/** What was accepted by name is agreed to here once more, in full. */
const acceptedLines = ({ checkResults }: Plan): readonly Line[] =>
  checkResults
    .filter(({ accepted }) => accepted === true)
    .map((result) => [span(explainCheck(result, panel).message, "warn")]);

function nodesBody(state: PanelState, plan: Plan): readonly Line[] {
  const { options } = plan;
  const nodes = plan.nodes.filter(({ name }) => state.run.nodes[name]?.state.phase !== "excluded");
  const out = plan.nodes.filter((node) => !nodes.includes(node)).map(({ name }) => name);
  const pods = nodes.reduce((sum, { podsToMove }) => sum + podsToMove, 0);
  const emptyDir = options.deleteEmptyDirData ? "is deleted" : "is kept: such pods refuse the drain";
  const bare = options.deleteBarePods ? "are deleted for good" : "refuse the drain";
  const source = sourceName(plan.source);
  return [
    line(`${counted(nodes.length, "node")}, one at a time: ${turns(nodes)}`),
    ...(out.length > 0 ? [line(`Excluded, so not moved: ${someOf(out, 6)}`)] : []),
    line(
      `${counted(pods, "pod")} evicted once each, budgets respected; ${out.length > 0 ? "at most " : ""}${roughly(plan.estimateMs)}`,
    ),
    line(`Reboot: ${rebootWords(options.reboot)}`),
    line(`emptyDir data ${emptyDir}; pods without a controller ${bare}`),
    ...acceptedLines(plan),
    line(`A node that fails ${failureWords(options)}`),
    line(
      `If this panel goes away, the run ${state.run.whenLeft === "pause" ? "pauses at the next safe point" : "goes on"}`,
    ),
    line(`Every node can be rolled back until ${source} is removed, which is asked for apart`),
  ];
}

/** All of them by name: what is agreed to is read, however long it is. Those of a kind are one line. */
const listed = (changes: readonly PlannedChange[]): readonly Line[] =>
  ofOneKind(changes).map(({ verb, objects, what }) => [
    span(`  ${verb.padEnd(7)}`, "warn"),
    span(objects),
    span(what ? `  ${what}` : "", "quiet"),
  ]);

function finalizeDraft(state: PanelState, plan: Plan): Draft {
  const phases: readonly PlannedChange["phase"][] = [
    "upgrade",
    "restart-agents",
    "restart-operator",
    "check",
    "enforce-policies",
    "remove-node-config",
  ];
  const source = sourceName(plan.source);
  return {
    title: `Make Cilium the only CNI of ${state.cluster}`,
    danger: false,
    body: [
      line("All nodes run on Cilium. Finalizing changes how Cilium is configured:"),
      ...listed(plan.changes.filter(({ phase }) => phases.includes(phase))),
      line("The agents and the operator are restarted; running connections go on."),
      line(`${source} stays installed until you confirm its removal; until then everything can be rolled back.`),
    ],
    answer: choose("Not yet", {
      label: "Finalize",
      act: consent(state, "finalize", "consent given: Cilium becomes the only CNI"),
    }),
  };
}

/** What was seen of policies once they were in force; nothing where another engine saw it. */
const dropsLines = ({ run }: PanelState): readonly Line[] =>
  run.log
    .filter(({ note: { code } }) => code === "policy-drops-explained" || code === "no-policy-drops")
    .slice(-1)
    .map(({ note }) => line(`Before this ${noteWords(note, panel)}.`));

/** The step that found drops has failed with them: its failure is what is consented to. */
function dropsDraft(state: PanelState): Draft {
  const step = state.run.steps["watch-drops"];
  const found = step?.state === "failed" ? [line(explainFailure(step.failure, panel, null).message)] : [];
  const all = step?.state === "failed" && step.failure.reason.code === "drops-unexplained" ? step.failure.reason : null;
  return {
    title: `Connections are refused on ${state.cluster} that no policy explains`,
    danger: true,
    body: [
      ...found,
      ...(all?.params.connections ?? []).map((one) => line(`  ${one}`)),
      line("Policies are in force since the step before. All can still be rolled back: U."),
      line("r watches once more, after you have changed a policy."),
    ],
    answer: choose("Not yet", {
      label: "Go on all the same",
      act: consent(state, "policy-drops", "consent given: the run goes on although connections are refused"),
    }),
  };
}

function removalDraft(state: PanelState, plan: Plan): Draft {
  const lost = plan.changes.filter(({ rollback }) => rollback === null);
  return {
    title: `POINT OF NO RETURN: remove ${sourceName(plan.source)} from ${state.cluster}`,
    danger: true,
    body: [
      ...dropsLines(state),
      line("After this crossfade cannot roll back any node or run. For good:"),
      ...listed(lost),
      line("The objects are saved first, as YAML beside the journal, and read back; no Secret is."),
    ],
    answer: {
      by: "typing",
      prompt: `Type the cluster's name, ${state.cluster}, and press Enter:`,
      expected: state.cluster,
      typed: "",
      act: consent(state, "remove-source", `consent given: ${sourceName(plan.source)} is removed`),
    },
  };
}

/** The dialog for what the run asks; null when it asks nothing. */
export function consentDraft(state: PanelState): Draft | null {
  const { plan, asking } = state.run;
  if (!plan || !asking) return null;
  if (asking === "finalize") return finalizeDraft(state, plan);
  if (asking === "policy-drops") return dropsDraft(state);
  if (asking === "remove-source") return removalDraft(state, plan);
  return {
    title: `Move ${state.cluster} from ${sourceName(plan.source)} to Cilium ${plan.cilium.version}`,
    danger: false,
    body: nodesBody(state, plan),
    answer: choose("Not yet", {
      label: "Move the nodes",
      act: consent(state, "nodes", "consent given: the nodes are moved"),
    }),
  };
}

/** Rollback of one node. */
export function rollbackDraft(state: PanelState, node: RunNode): Draft {
  const pods = node.snapshot ? node.snapshot.pods.source + node.snapshot.pods.cilium : null;
  const back = `${node.name} back to ${sourceName(state.run.plan?.source)}`;
  return {
    title: `Roll ${back}`,
    danger: true,
    body: [
      line(
        pods === null
          ? "Its pods are moved once more."
          : `${counted(pods, "pod")} on it move once more; budgets are respected.`,
      ),
      line("The node is cordoned and drained, gets its old CNI files back, and is verified."),
      line("Afterwards it is excluded; m includes it again."),
      ...outOfReach(state, node),
    ],
    answer: choose("No", {
      label: `Roll ${back}`,
      act: { do: "ask", request: { request: "rollback", node: node.name, by: state.user }, said: `rolling ${back}` },
    }),
  };
}

/** Undo of everything: the number of nodes is typed. */
export function rollbackAllDraft(state: PanelState): Draft {
  const touched = touchedNodes(state);
  return {
    title: `Roll back the whole run on ${state.cluster}`,
    danger: true,
    body: [
      line(
        `${counted(touched, "node")} go back to ${sourceName(state.run.plan?.source)}, one at a time; each is drained again.`,
      ),
      line("Then Cilium and everything that the run created is removed."),
    ],
    answer: {
      by: "typing",
      prompt: `Type the number of nodes, ${touched}, and press Enter:`,
      expected: String(touched),
      typed: "",
      act: { do: "ask", request: { request: "rollback-all", by: state.user }, said: "rolling the run back" },
    },
  };
}

const untouched: ReadonlySet<RunNode["state"]["phase"]> = new Set(["queued", "excluded", "rolled-back"]);

/** Nodes that are not as they were before the run. */
export function touchedNodes({ run }: PanelState): number {
  return Object.values(run.nodes).filter(({ state }) => !untouched.has(state.phase)).length;
}

/** What becomes of a node that cannot be undone now. */
export function outOfReach({ run }: PanelState, { name, state, snapshot }: RunNode): readonly Line[] {
  if (snapshot?.ready !== false) return [];
  const others =
    (state.phase === "failed" || state.phase === "deferred") && run.pace === "running" && run.direction === "forward";
  const meanwhile = others ? "it is deferred, cordoned, and the others go on" : "it is waited for, cordoned";
  return [line(`${name} is not Ready: ${meanwhile}; it is rolled back once it is Ready.`)];
}
