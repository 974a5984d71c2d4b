import type { Binding } from "../keys/binding.ts";
import { bindings } from "../keys/bindings.ts";
import type { PanelState } from "../panel-state.ts";
import { type Line, span } from "../text/line.ts";
import { pad, wrap } from "../text/width.ts";

const keyColumns = 16;

function bindingLines(state: PanelState, binding: Binding): readonly Line[] {
  const why = binding.blocked(state);
  const words = wrap(
    why === null ? binding.help : `${binding.help} (not now: ${why})`,
    state.view.size.columns - keyColumns - 1,
  );
  const tone = why === null ? "plain" : "quiet";
  return words.map((text, index) => [
    span(` ${pad(index === 0 ? binding.shown : "", keyColumns)}`, why === null ? "key" : "quiet"),
    span(text, tone),
  ]);
}

/** The help page, made from the bindings; what does not work now says why. */
export function helpLines(state: PanelState): readonly Line[] {
  const groups = [...new Set(bindings.map(({ group }) => group))];
  return groups.flatMap((group): readonly Line[] => [
    [span(group, "title")],
    ...bindings.filter((binding) => binding.group === group).flatMap((binding) => bindingLines(state, binding)),
    [span("")],
  ]);
}
