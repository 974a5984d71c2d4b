import { bindings } from "./bindings.ts";
import { type Line, span } from "./line.ts";
import type { PanelState } from "./panel-state.ts";
import { pad } from "./width.ts";

/** The help page, made from the bindings; what does not work now says why. */
export function helpLines(state: PanelState): readonly Line[] {
  const groups = [...new Set(bindings.map(({ group }) => group))];
  return groups.flatMap((group): readonly Line[] => [
    [span(group, "title")],
    ...bindings
      .filter((binding) => binding.group === group)
      .map((binding): Line => {
        const why = binding.blocked(state);
        return [
          span(` ${pad(binding.shown, 16)}`, why === null ? "key" : "quiet"),
          span(binding.help, why === null ? "plain" : "quiet"),
          span(why === null ? "" : `  (not now: ${why})`, "quiet"),
        ];
      }),
    [span("")],
  ]);
}
