import type { PanelState } from "../panel-state.ts";
import type { Binding } from "./binding.ts";
import { actingBindings } from "./bindings-acting.ts";
import { markingBindings } from "./bindings-marking.ts";
import { movingBindings } from "./bindings-moving.ts";
import { engineBindings, paceBindings, panelBindings } from "./bindings-panel.ts";
import { viewingBindings } from "./bindings-viewing.ts";

/** Every key of the panel. */
export const bindings: readonly Binding[] = [
  ...movingBindings,
  ...viewingBindings,
  ...markingBindings,
  ...actingBindings,
  ...paceBindings,
  ...engineBindings,
  ...panelBindings,
];

/** What the footer offers: keys that work now, the most needed first. */
export const footerBindings = (state: PanelState): readonly Binding[] =>
  bindings
    .filter((binding) => binding.footer !== null && binding.blocked(state) === null)
    .sort((a, b) => (a.footer ?? 0) - (b.footer ?? 0));
