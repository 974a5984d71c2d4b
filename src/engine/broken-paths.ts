import type { BrokenPath } from "./events.ts";
import type { MigrationState } from "./state.ts";

/** Which nodes are there and Ready. */
type Readiness = ReadonlyMap<string, { readonly ready: boolean }>;

/** Broken paths that nothing else explains: of a node that is not Ready, or set aside, it is known that it is silent. */
export function unexplained(state: MigrationState, view: Readiness): readonly BrokenPath[] {
  const answers = (name: string) => view.get(name)?.ready === true && state.nodes[name]?.life.phase !== "aside";
  return state.broken.filter(({ nodes }) => nodes.every(answers));
}

const clock = (at: number) => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** Pair, since when, in which step, and what was said: a clause for all who look. */
export function brokenClause({ between, since, during, error }: BrokenPath): string {
  return `${between}, lost since ${clock(since)}${during === "" ? "" : ` (in "${during}")`}: ${error}`;
}
