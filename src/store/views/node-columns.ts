import type { MigrationState } from "../../engine/model/state.ts";
import { shortName } from "../text/short-name.ts";
import { widthOf } from "../text/width.ts";

export type OptionalColumn = "cni" | "pods" | "role" | "bar" | "conf";

/** Widths of the node table's columns at one width of the pane; 0 is left out. */
export interface NodeColumns {
  readonly name: number;
  readonly optional: Readonly<Record<OptionalColumn, number>>;
  readonly step: number;
}

/** As wide as the longest word of a state, "rolling back". */
export const wordColumns = 12;

/** Cursor, mark, sign and word of the state, and the gaps around them. */
const fixedColumns = wordColumns + 6;
const leastStep = 16;

/** The room that the step keeps when this column comes in: what a node waits for is read, a bar is looked at. */
const reserved: Readonly<Record<OptionalColumn, number>> = { cni: 16, pods: 16, bar: 28, role: 28, conf: 34 };

const leastName = 12;
const mostName = 34;

/** What goes first when room is short stands last. */
const byPriority: readonly (readonly [OptionalColumn, number])[] = [
  ["cni", 7],
  ["pods", 9],
  ["bar", 6],
  ["role", 6],
  ["conf", 22],
];

const longest = new WeakMap<readonly string[], number>();

function longestName({ order }: MigrationState): number {
  const known = longest.get(order);
  if (known !== undefined) return known;
  const width = order.reduce((most, name) => Math.max(most, widthOf(shortName(order, name))), 0);
  longest.set(order, width);
  return width;
}

/** State, name and step stay; the others come in while there is room. */
export function nodeColumns(run: MigrationState, width: number): NodeColumns {
  const wanted = Math.max(leastName, Math.min(mostName, longestName(run)));
  let room = width - fixedColumns - 1 - leastStep - Math.min(wanted, 18);
  const optional: Record<OptionalColumn, number> = { cni: 0, pods: 0, role: 0, bar: 0, conf: 0 };
  for (const [column, columns] of byPriority) {
    if (room - columns - 1 < reserved[column] - leastStep) continue;
    optional[column] = columns;
    room -= columns + 1;
  }
  const name = Math.min(wanted, Math.min(wanted, 18) + Math.max(0, room));
  const used = Object.values(optional).reduce((sum, columns) => sum + (columns > 0 ? columns + 1 : 0), 0);
  return { name, optional, step: Math.max(0, width - fixedColumns - name - used - 1) };
}
