import { counted, someOf } from "../../engine/model/some-of.ts";
import type { RunNode } from "../../engine/model/state.ts";
import type { Choice, PanelState } from "../panel-state.ts";
import type { Line } from "../text/line.ts";
import { sourceName } from "../text/words.ts";
import { choose, type Draft, line, outOfReach } from "./dialogs.ts";

/** More names than this are counted. */
const mostNames = 12;

const namesOf = (nodes: readonly RunNode[]): string =>
  someOf(
    nodes.map(({ name }) => name),
    mostNames,
  );

const whatOf = (nodes: readonly RunNode[]): string =>
  nodes.length === 1 ? (nodes[0]?.name ?? "") : counted(nodes.length, "node");

const isOut = ({ state }: RunNode): boolean => state.phase === "excluded" || state.phase === "rolled-back";
const isQueued = ({ state }: RunNode): boolean => state.phase === "queued";

/** Those of the nodes that can be excluded or included now. */
export const canChange = (nodes: readonly RunNode[]): readonly RunNode[] =>
  nodes.filter((node) => isOut(node) || isQueued(node));

function change(request: "exclude" | "include", nodes: readonly RunNode[], by: string): readonly Choice[] {
  if (nodes.length === 0) return [];
  const names = nodes.map(({ name }) => name);
  const verb = request === "exclude" ? "Exclude" : "Include";
  return [
    {
      label: `${verb} ${whatOf(nodes)}`,
      act: { do: "ask", request: { request, nodes: names, by }, said: `${whatOf(nodes)} ${request}d` },
    },
  ];
}

function bodyOf(state: PanelState, nodes: readonly RunNode[]): readonly Line[] {
  const queued = nodes.filter(isQueued);
  const out = nodes.filter(isOut);
  const others = nodes.filter((node) => !isQueued(node) && !isOut(node));
  const source = sourceName(state.run.plan?.source);
  const text: string[] = [];
  if (queued.length > 0)
    text.push(`Exclude: ${namesOf(queued)}`, `  kept on ${source} for now; finalizing waits until no node is excluded`);
  if (out.length > 0)
    text.push(`Include: ${namesOf(out)}`, "  queued: drained and moved in turn, as soon as the run goes on");
  if (others.length > 0) text.push(`Neither queued nor excluded, so not changed: ${namesOf(others)}`);
  if (state.run.asking === "nodes") text.push("To answer the run instead, take the marks away first.");
  return text.map(line);
}

/** Excluding the queued ones of these nodes, or including the excluded ones; every node is named first. */
export function inOrOutDraft(state: PanelState, nodes: readonly RunNode[]): Draft {
  const queued = nodes.filter(isQueued);
  const out = nodes.filter(isOut);
  const verb = out.length === 0 ? "Exclude" : queued.length === 0 ? "Include" : "Exclude or include";
  return {
    title: `${verb} ${whatOf([...queued, ...out])}`,
    danger: false,
    body: bodyOf(state, nodes),
    answer: choose("No", ...change("exclude", queued, state.user), ...change("include", out, state.user)),
  };
}

/** Leaving one node out, with what that means for it. */
export function skipDraft(state: PanelState, node: RunNode): Draft {
  const failed = node.state.phase === "failed";
  return {
    title: `Exclude ${node.name}`,
    danger: false,
    body: [
      line(failed ? "It is rolled back first, so that it is not left half-moved." : "It keeps the old CNI for now."),
      ...(failed ? outOfReach(state, node) : []),
      line("Finalizing waits until no node is excluded; m includes it again."),
    ],
    answer: choose("No", {
      label: failed ? `Roll ${node.name} back and exclude it` : `Exclude ${node.name}`,
      act: {
        do: "ask",
        request: { request: "skip", node: node.name, by: state.user },
        said: `excluding ${node.name}`,
      },
    }),
  };
}
