import { dialogKeys } from "../store/dialogs/dialog-window.ts";
import { foundLines, typedIn } from "../store/find.ts";
import { footerBindings } from "../store/keys/bindings.ts";
import type { PanelState } from "../store/panel-state.ts";
import { type Line, lineWidth, span } from "../store/text/line.ts";
import { timeOfDay } from "../store/text/times.ts";
import { wrap } from "../store/text/width.ts";
import { layoutOf } from "../store/views/layout.ts";
import { fittingLog } from "../store/views/log-lines.ts";
import { visibleNodes } from "../store/views/rows.ts";
import type { Look } from "./look.ts";
import { Rows } from "./rows.tsx";

export interface FooterProps {
  readonly state: PanelState;
  readonly look: Look;
}

type Hint = readonly [key: string, label: string];

function hintsOf(state: PanelState): readonly Hint[] {
  const { dialog, filtering, help } = state.view;
  if (dialog) return dialogKeys(state, dialog);
  if (filtering)
    return [
      ...(isFilter(state) ? ([["!", "in front turns it round"]] as const) : []),
      ["Enter", "keep"],
      ["Esc", "clear"],
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

const isFilter = ({ view }: PanelState): boolean => view.pane === "nodes" || view.pane === "log";

function foundText(state: PanelState): string {
  const { view, run, news } = state;
  if (view.pane === "nodes") return `${visibleNodes(state).length} of ${run.order.length}`;
  if (view.pane === "log") return `${fittingLog(state).length} of ${news.length}`;
  const found = foundLines(state, view.pane).length;
  return `${found} line${found === 1 ? "" : "s"}`;
}

const typedLine = (state: PanelState): Line => [
  span(isFilter(state) ? " filter: " : " find: ", "key"),
  span(typedIn(state)),
  span("_", "key"),
  span(`   ${foundText(state)}`, "quiet"),
];

/** What was answered to a key, while it stands: in both rows where one is too short, since its end says what to do. */
function messageLines({ view, now }: PanelState, columns: number): readonly Line[] {
  const { message } = view;
  if (!message || view.filtering || now - message.at >= messageShownMs) return [];
  const [first = "", ...more] = wrap(span(message.text).text, columns - 1);
  const tone = message.bad ? "bad" : "strong";
  return [[span(` ${first}`, tone)], ...(more.length > 0 ? [[span(` ${more.join(" ")}`, tone)]] : [])];
}

function newsLine(state: PanelState): Line {
  const { view, news, zone } = state;
  if (view.filtering) return typedLine(state);
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
  const [said = newsLine(state), more = hintLine(hintsOf(state), columns)] = messageLines(state, columns);
  return <Rows lines={[said, more]} width={columns} height={2} look={look} />;
}
