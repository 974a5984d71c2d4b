import { footerBindings } from "../store/bindings.ts";
import { layoutOf } from "../store/layout.ts";
import { type Line, lineWidth, span } from "../store/line.ts";
import type { PanelState } from "../store/panel-state.ts";
import { visibleNodes } from "../store/rows.ts";
import { timeOfDay } from "../store/times.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";

export interface FooterProps {
  readonly state: PanelState;
  readonly look: Look;
}

type Hint = readonly [key: string, label: string];

function hintsOf(state: PanelState): readonly Hint[] {
  const { dialog, filtering, help } = state.view;
  if (dialog?.answer.by === "choice")
    return [
      ["j k", "choose"],
      ["Enter", "answer"],
      ["Esc", "close"],
    ];
  if (dialog?.answer.by === "typing")
    return [
      ["Enter", "confirm"],
      ["Ctrl-u", "clear"],
      ["Esc", "close"],
    ];
  if (dialog)
    return [
      ["y", "yes"],
      ["n", "no"],
      ["Esc", "close"],
    ];
  if (filtering)
    return [
      ["Enter", "keep"],
      ["Esc", "clear"],
      ["!", "in front turns it round"],
    ];
  if (help)
    return [
      ["j k", "scroll"],
      ["Esc", "close"],
    ];
  return footerBindings(state).map(({ shown, label, labelNow }) => [shown, labelNow?.(state) ?? label]);
}

/** Hints that fit; help and leave are never the ones that go. */
function hintLine(hints: readonly Hint[], columns: number): Line {
  const lines = hints.map(([key, label]): Line => [span(` ${key}`, "key"), span(` ${label} `, "quiet")]);
  const last = lines.slice(-2);
  let room = columns - last.reduce((sum, line) => sum + lineWidth(line), 0);
  const shown = lines.slice(0, -2).filter((line) => {
    room -= lineWidth(line);
    return room >= 0;
  });
  return [...shown, ...last].flat();
}

/** How long an answer to a key stands. */
const messageShownMs = 15_000;

function newsLine(state: PanelState): Line {
  const { view, run, news, now, zone } = state;
  if (view.filtering) {
    const found = visibleNodes(state).length;
    return [
      span(" filter: ", "key"),
      span(view.filter),
      span("_", "key"),
      span(`   ${found} of ${run.order.length}`, "quiet"),
    ];
  }
  if (view.message && now - view.message.at < messageShownMs) {
    return [span(` ${view.message.text}`, view.message.bad ? "bad" : "strong")];
  }
  const last = news.at(-1);
  if (!last || layoutOf(state).log) return [];
  return [
    span(` ${timeOfDay(last.at, zone)} `, "quiet"),
    span(last.node ? `${last.node}: ${last.text}` : last.text, "quiet"),
  ];
}

/** The last word from the panel or the run, and the keys that work now. */
export function Footer({ state, look }: FooterProps) {
  const { columns } = state.view.size;
  return <Rows lines={[newsLine(state), hintLine(hintsOf(state), columns)]} width={columns} height={2} look={look} />;
}
