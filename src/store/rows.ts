import type { MigrationState, NodeState } from "../engine/state.ts";
import type { PanelState } from "./panel-state.ts";
import { wordOf } from "./words.ts";

function matches(node: NodeState, wanted: string, now: number): boolean {
  const role = node.seen?.controlPlane ? "control-plane" : "worker";
  const cni = node.seen?.cni === "cilium" ? "cilium" : "old";
  return `${node.name} ${wordOf(node, now)} ${role} ${cni}`.toLowerCase().includes(wanted);
}

let last: { run: MigrationState; filter: string; now: number; names: readonly string[] } | null = null;

/** Names of the nodes that the filter lets through, in the plan's order. `!` in front turns the filter round. */
export function visibleNodes(run: MigrationState, filter: string, now: number): readonly string[] {
  if (filter === "" || filter === "!") return run.order;
  if (last?.run === run && last.filter === filter && last.now === now) return last.names;
  const inverted = filter.startsWith("!");
  const wanted = (inverted ? filter.slice(1) : filter).toLowerCase();
  const names = run.order.filter((name) => {
    const node = run.nodes[name];
    return node !== undefined && matches(node, wanted, now) !== inverted;
  });
  last = { run, filter, now, names };
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
  const all = visibleNodes(state.run, state.view.filter, state.now);
  const cursorIndex = cursorOf(state);
  const size = Math.max(1, rows);
  const first = Math.floor(Math.max(0, cursorIndex) / size) * size;
  return { names: all.slice(first, first + size), cursorIndex, first, total: all.length };
}

/** Where the cursor stands in the visible list; a cursor that is filtered away stands on the first row. */
export function cursorOf({ run, view, now }: PanelState): number {
  const all = visibleNodes(run, view.filter, now);
  return view.cursor === null ? 0 : Math.max(0, all.indexOf(view.cursor));
}

/** The node under the cursor. */
export function selectedNode(state: PanelState): NodeState | null {
  const name = visibleNodes(state.run, state.view.filter, state.now)[cursorOf(state)];
  return name === undefined ? null : (state.run.nodes[name] ?? null);
}

/** It failed, and the plan's policy had it taken back. */
export const wasTakenBack = ({ life }: NodeState): boolean => life.phase === "restored" && life.takenBack !== undefined;

/** How much a node is to be looked at: it failed, it was taken back for it, it is worked on, it is set aside; 0 is not at all. */
function urgency(node: NodeState): number {
  const { phase } = node.life;
  if (phase === "failed") return 4;
  if (wasTakenBack(node)) return 3;
  if (phase === "migrating" || phase === "undoing") return 2;
  return phase === "aside" ? 1 : 0;
}

/** The node that a person is wanted for, else the one that is worked on, else one that is set aside. */
export function nodeToLookAt({ run }: PanelState): NodeState | null {
  let found: NodeState | null = null;
  for (const name of run.order) {
    const node = run.nodes[name];
    if (node && urgency(node) > (found ? urgency(found) : 0)) found = node;
  }
  return found;
}

/** What an act on several nodes is about: the marked ones, else the one under the cursor. */
export function chosenNodes(state: PanelState): readonly NodeState[] {
  const marked = state.run.order.flatMap((name) => (state.view.marks[name] ? (state.run.nodes[name] ?? []) : []));
  if (marked.length > 0) return marked;
  const selected = selectedNode(state);
  return selected ? [selected] : [];
}
