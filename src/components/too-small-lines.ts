import { footerBindings } from "../store/keys/bindings.ts";
import type { Dialog, PanelState } from "../store/panel-state.ts";
import { badge, type Line, span } from "../store/text/line.ts";
import { cut, wrap } from "../store/text/width.ts";
import { attentionOf } from "../store/views/attention.ts";
import { progress } from "../store/views/counts.ts";
import { leastSize } from "../store/views/layout.ts";
import { badgeOf, phaseOf } from "../store/views/phase.ts";

/** How long an answer to a key stands. */
const messageShownMs = 15_000;

function headOf(state: PanelState): Line {
  const { word, tone } = badgeOf(state);
  return [badge(word, tone), span(` ${Math.floor(progress(state.run) * 100)}%`, "strong")];
}

/** The choices around the one that Enter takes, in the rows there are. */
function answerRows({ answer }: Dialog, rows: number): readonly Line[] {
  if (answer.by === "typing") return [[span("> ", "key"), span(answer.typed, "strong"), span("_", "key")]];
  const first = Math.max(0, Math.min(answer.index, answer.choices.length - rows));
  return answer.choices.slice(first, first + rows).map(({ label }, at) => {
    const chosen = first + at === answer.index;
    return [span(chosen ? "> " : "  ", "key"), span(label, chosen ? "strong" : "plain")];
  });
}

function dialogLines(dialog: Dialog, rows: number): readonly Line[] {
  return [[span(dialog.title, dialog.danger ? "bad" : "key")], ...answerRows(dialog, rows - 1)];
}

/** The few keys that work here, by what they do now. */
function keyLine(state: PanelState): Line {
  const usable = footerBindings(state).filter(({ small }) => small === true);
  return usable.flatMap(({ shown, label }, at) => [
    span(`${at > 0 ? "  " : ""}${shown}`, "key"),
    span(` ${label}`, "quiet"),
  ]);
}

const sizeText = ({ view: { size } }: PanelState): string => {
  const needed = `${leastSize.columns}x${leastSize.rows}`;
  const long = `terminal too small: ${needed} needed, this is ${size.columns}x${size.rows}`;
  return long.length <= size.columns ? long : `needs ${needed}`;
};

/** What still fits: whether it moves, how far it is, what size is needed, the keys; an open question before all else. */
export function tooSmallLines(state: PanelState): readonly Line[] {
  const { size, dialog, message } = state.view;
  if (dialog) return dialogLines(dialog, size.rows);
  const answered = message !== null && state.now - message.at < messageShownMs ? message : null;
  const must: readonly Line[] = [[span(sizeText(state), "quiet")], keyLine(state)];
  const room = size.rows - 1 - must.length;
  const attention = attentionOf(state);
  const why = answered ? answered.text : `${attention.text}${attention.remedy ? ` — ${attention.remedy}` : ""}`;
  const tone = answered ? (answered.bad ? "bad" : "strong") : attention.tone;
  const told = wrap(span(why).text, size.columns);
  const phase: readonly Line[] = room > 1 && !answered ? [[span(phaseOf(state))]] : [];
  const rows = Math.max(0, room - phase.length);
  const shown = told
    .slice(0, rows)
    .map(
      (text, at): Line => [
        span(at === rows - 1 && told.length > rows ? cut(`${text} ${told[at + 1] ?? ""}`, size.columns) : text, tone),
      ],
    );
  return [headOf(state), ...phase, ...shown, ...must].slice(0, size.rows);
}
