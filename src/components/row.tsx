import { Text } from "ink";
import { memo } from "react";
import { fitLine, type Line } from "../store/text/line.ts";
import { type Look, paint } from "./look.ts";

export interface RowProps {
  readonly line: Line;
  readonly width: number;
  readonly look: Look;
}

/** One row of text of exactly the given width. */
export function Row({ line, width, look }: RowProps) {
  return <Painted text={paint(fitLine(line, width), look)} />;
}

/** Rows that did not change cost nothing. */
const Painted = memo(function Painted({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === "" ? " " : text}</Text>;
});
