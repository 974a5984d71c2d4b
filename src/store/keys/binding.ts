import type { PanelState } from "../panel-state.ts";
import type { KeyActions } from "./key-actions.ts";

export type Group = "Move" | "Look" | "Nodes" | "Run" | "Panel";

/** One key of the panel as data: the input, the footer, the help page and docs/keys.md read the same list. */
export interface Binding {
  readonly id: string;
  /** Key names as the input gives them. */
  readonly keys: readonly string[];
  /** The keys as people read them. */
  readonly shown: string;
  /** In the footer, in a word or two. */
  readonly label: string;
  /** The label where it says more at the moment. */
  readonly labelNow?: (state: PanelState) => string;
  readonly help: string;
  readonly group: Group;
  /** Lower comes first in the footer; null is never there. */
  readonly footer: number | null;
  /** Works also in a terminal too small to show what it is about. */
  readonly small?: true;
  /** Why the key does nothing just now; null when it works. Told to whoever presses it anyway. */
  blocked(state: PanelState): string | null;
  run(actions: KeyActions): void;
}

export const always = (): null => null;
