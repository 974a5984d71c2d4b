import { Box } from "ink";
import SelectInput from "ink-select-input";
import type { Glyphs } from "../store/glyphs.ts";
import { fitLine, inverse, type Line, span, type Tone, textOf } from "../store/line.ts";
import type { Dialog, PanelState } from "../store/panel-state.ts";
import { cut, wrap } from "../store/width.ts";
import type { Look } from "./look.ts";
import { Row } from "./row.tsx";

export interface DialogBoxProps {
  readonly state: PanelState;
  readonly dialog: Dialog;
  readonly look: Look;
  readonly bodyRows: number;
}

interface Frame {
  /** Columns between the borders. */
  readonly inner: number;
  readonly margin: number;
  readonly columns: number;
  readonly tone: Tone;
  readonly glyphs: Glyphs;
}

const framed = (line: Line, { inner, margin, tone, glyphs }: Frame): Line => [
  span(" ".repeat(margin)),
  span(`${glyphs.bar} `, tone),
  ...fitLine(line, inner),
  span(` ${glyphs.bar}`, tone),
];

function edge({ inner, margin, tone, glyphs }: Frame, title: string): Line {
  const before = span(" ".repeat(margin));
  const [topLeft, topRight, bottomLeft, bottomRight] = glyphs.corners;
  const text = title === "" ? "" : ` ${cut(span(title).text, inner - 2)} `;
  const rest = glyphs.rule.repeat(Math.max(0, inner + 1 - span(text).text.length));
  return title === ""
    ? [before, span(bottomLeft + glyphs.rule + rest + bottomRight, tone)]
    : [before, span(topLeft + glyphs.rule, tone), span(text, "strong"), span(rest + topRight, tone)];
}

/** Plain lines are wrapped; lines of several tones are lists and are cut. */
const folded = (line: Line, width: number): readonly Line[] =>
  line.length === 1 ? wrap(textOf(line), width).map((text) => [span(text, line[0]?.tone)]) : [line];

function answerLines({ answer }: Dialog): readonly Line[] {
  switch (answer.by) {
    case "typing":
      return [[span(answer.prompt)], [span("> ", "key"), span(answer.typed, "strong"), span("_", "key")]];
    case "y":
      return [[span("y", "key"), span(" does it, "), span("Enter", "key"), span(" does not")]];
    case "choice":
      return [];
    default:
      return answer satisfies never;
  }
}

function Choices({ dialog, frame, look }: { readonly dialog: Dialog; readonly frame: Frame; readonly look: Look }) {
  if (dialog.answer.by !== "choice") return null;
  const { choices, index } = dialog.answer;
  // The list only draws: its place is kept by the store, so that keys in a burst are all counted.
  return (
    <SelectInput
      key={index}
      isFocused={false}
      initialIndex={index}
      items={choices.map(({ label }) => ({ label, value: label }))}
      indicatorComponent={() => null}
      itemComponent={({ label, isSelected = false }) => {
        const line: Line = [span(isSelected ? `${frame.glyphs.cursor} ` : "  ", "key"), span(label)];
        return (
          <Row
            line={framed(isSelected ? inverse(fitLine(line, frame.inner)) : line, frame)}
            width={frame.columns}
            look={look}
          />
        );
      }}
    />
  );
}

/** The body in the rows there are; what does not fit is owned up to. */
function fitted(body: readonly Line[], rows: number): readonly Line[] {
  if (body.length <= rows) return body;
  const kept = body.slice(0, Math.max(0, rows - 1));
  return [...kept, [span(`${body.length - kept.length} more lines: make the terminal taller to read them`, "warn")]];
}

/** A question over the panel: what will happen, and an answer that is safe unless it is changed. */
export function DialogBox({ state, dialog, look, bodyRows }: DialogBoxProps) {
  const { columns } = state.view.size;
  const inner = Math.min(columns - 8, 84);
  const frame: Frame = {
    inner,
    margin: Math.floor((columns - inner - 4) / 2),
    columns,
    tone: dialog.danger ? "bad" : "key",
    glyphs: state.glyphs,
  };
  const choices = dialog.answer.by === "choice" ? dialog.answer.choices.length : 0;
  const answers = answerLines(dialog);
  const body = dialog.body.flatMap((line) => folded(line, inner));
  const shown = fitted(body, bodyRows - 3 - choices - answers.length);
  const lines = [edge(frame, dialog.title), ...[...shown, [], ...answers].map((line) => framed(line, frame))];
  const top = Math.max(0, Math.floor((bodyRows - lines.length - choices - 1) / 2));
  return (
    <Box position="absolute" marginTop={top} flexDirection="column">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the box
        <Row key={index} line={line} width={columns} look={look} />
      ))}
      <Choices dialog={dialog} frame={frame} look={look} />
      <Row line={edge(frame, "")} width={columns} look={look} />
    </Box>
  );
}
