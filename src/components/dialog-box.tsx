import { Box } from "ink";
import SelectInput from "ink-select-input";
import { answerLines, bodyRows, dialogColumns } from "../store/dialogs/dialog-window.ts";
import type { Dialog, PanelState } from "../store/panel-state.ts";
import { foldLines } from "../store/text/fold-line.ts";
import { fitLine, inverse, type Line, span } from "../store/text/line.ts";
import { edge, type Frame, framed } from "./dialog-lines.ts";
import type { Look } from "./look.ts";
import { Row } from "./row.tsx";

export interface DialogBoxProps {
  readonly state: PanelState;
  readonly dialog: Dialog;
  readonly look: Look;
  /** Rows of the panel between header and footer. */
  readonly room: number;
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

/** A question over the panel: what will happen, and an answer that is safe unless it is changed. */
export function DialogBox({ state, dialog, look, room }: DialogBoxProps) {
  const { columns } = state.view.size;
  const inner = dialogColumns(columns);
  const frame: Frame = {
    inner,
    margin: Math.floor((columns - inner - 4) / 2),
    columns,
    tone: dialog.danger ? "bad" : "key",
    glyphs: state.glyphs,
  };
  const choices = dialog.answer.by === "choice" ? dialog.answer.choices.length : 0;
  const answers = foldLines(answerLines(dialog), inner);
  const shown = bodyRows(state, dialog);
  const lines = [edge(frame, dialog.title), ...[...shown, [], ...answers].map((line) => framed(line, frame))];
  const top = Math.max(0, Math.floor((room - lines.length - choices - 1) / 2));
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
