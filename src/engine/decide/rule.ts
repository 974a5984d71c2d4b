import type { MigrationState, RunNode } from "../model/state.ts";
import type { Act, View } from "./act.ts";

/** All that a rule may look at. */
export interface Look {
  readonly state: MigrationState;
  readonly view: View;
  /** The one node that is worked on. */
  readonly hand: RunNode | null;
}

/** One line of the decision. */
export interface Rule {
  /** Printed by tests and in docs/decision.md. */
  readonly name: string;
  /** What it says, for that page. */
  readonly says: string;
  /** What to do, or null where the rule has nothing to say. */
  act(look: Look): Act | null;
}
