import type { RunNode } from "../../engine/model/state.ts";
import type { PanelState } from "../panel-state.ts";
import { wordOf } from "../text/words.ts";
import { rowWords } from "./node-row.ts";

/** All that a row says of the node, in full and as its columns shorten it. */
function matches(state: PanelState, node: RunNode, wanted: string): boolean {
  const role = node.snapshot?.controlPlane ? "control-plane ctrl" : "worker";
  const said = [node.name, wordOf(state, node), node.state.phase, role, cniWords(state, node), rowWords(state, node)];
  return said.join(" ").toLowerCase().includes(wanted);
}

/** The CNI by its name, and by the word of the column old/new. */
function cniWords({ run }: PanelState, { snapshot }: RunNode): string {
  if (snapshot?.cni === "cilium") return "cilium new";
  return snapshot?.cni === "source" ? `${run.plan?.source.id ?? ""} old` : "";
}

let last: { state: Pick<PanelState, "run" | "now" | "closed">; filter: string; names: readonly string[] } | null = null;

/** Names of the nodes that the filter lets through, in the plan's order. `!` in front turns the filter round. */
export function visibleNodes(state: PanelState): readonly string[] {
  const { run, now, closed } = state;
  const { filter } = state.view;
  if (filter === "" || filter === "!") return run.order;
  if (last?.state.run === run && last.filter === filter && last.state.now === now && last.state.closed === closed)
    return last.names;
  const inverted = filter.startsWith("!");
  const wanted = (inverted ? filter.slice(1) : filter).toLowerCase();
  const names = run.order.filter((name) => {
    const node = run.nodes[name];
    return node !== undefined && matches(state, node, wanted) !== inverted;
  });
  last = { state: { run, now, closed }, filter, names };
  return names;
}

export interface Page {
  readonly names: readonly string[];
  readonly cursorIndex: number;
  readonly first: number;
  readonly total: number;
}

/** The page with the cursor on it: the cursor walks in a fixed page, so that a key changes two rows and not all. */
export function pageOf(state: PanelState, rows: number): Page {
  const all = visibleNodes(state);
  const cursorIndex = cursorOf(state);
  const size = Math.max(1, rows);
  const first = Math.floor(Math.max(0, cursorIndex) / size) * size;
  return { names: all.slice(first, first + size), cursorIndex, first, total: all.length };
}

/** Where the cursor stands in the visible list; a cursor that is filtered away stands on the first row. */
export function cursorOf(state: PanelState): number {
  const { cursor } = state.view;
  return cursor === null ? 0 : Math.max(0, visibleNodes(state).indexOf(cursor));
}

/** The node under the cursor. */
export function selectedNode(state: PanelState): RunNode | null {
  const name = visibleNodes(state)[cursorOf(state)];
  return name === undefined ? null : (state.run.nodes[name] ?? null);
}

/** It failed, and the plan's policy had it taken back. */
export const wasRolledBackByPolicy = ({ state }: RunNode): boolean =>
  state.phase === "rolled-back" && state.policyRollback !== undefined;

/** How much a node is to be looked at: it failed, it was taken back for it, it is worked on, it is set aside; 0 is not at all. */
function urgency(node: RunNode): number {
  const { phase } = node.state;
  if (phase === "failed") return 4;
  if (wasRolledBackByPolicy(node)) return 3;
  if (phase === "migrating" || phase === "rolling-back") return 2;
  return phase === "deferred" ? 1 : 0;
}

/** The node that a person is wanted for, else the one that is worked on, else one that is set aside. */
export function nodeToLookAt({ run }: PanelState): RunNode | null {
  let found: RunNode | null = null;
  for (const name of run.order) {
    const node = run.nodes[name];
    if (node && urgency(node) > (found ? urgency(found) : 0)) found = node;
  }
  return found;
}

/** What an act on several nodes is about: the marked ones, else the one under the cursor. */
export function chosenNodes(state: PanelState): readonly RunNode[] {
  const marked = state.run.order.flatMap((name) => (state.view.marks[name] ? (state.run.nodes[name] ?? []) : []));
  if (marked.length > 0) return marked;
  const selected = selectedNode(state);
  return selected ? [selected] : [];
}
