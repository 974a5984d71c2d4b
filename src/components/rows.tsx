import { Box } from "ink";
import type { Line } from "../store/text/line.ts";
import type { Look } from "./look.ts";
import { Row } from "./row.tsx";

export interface RowsProps {
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
  readonly look: Look;
}

/** A block of rows that always takes its whole height, so that nothing below it moves. */
export function Rows({ lines, width, height, look }: RowsProps) {
  const shown = Array.from({ length: Math.max(0, height) }, (_, index): Line => lines[index] ?? []);
  return (
    <Box flexDirection="column" width={width} height={Math.max(0, height)} flexShrink={0}>
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Row key={index} line={line} width={width} look={look} />
      ))}
    </Box>
  );
}
