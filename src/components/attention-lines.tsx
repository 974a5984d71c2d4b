import { Box, Text } from "ink";
import Spinner from "ink-spinner";
import { span } from "../store/text/line.ts";
import { cut, widthOf } from "../store/text/width.ts";
import type { Attention } from "../store/views/attention.ts";
import { attentionParts } from "../store/views/attention-rows.ts";
import type { Look } from "./look.ts";
import { Row } from "./row.tsx";

/** The slowest of its kind, and plain ASCII: one small write each 400 ms while something is waited for. */
const spinnerColumns = 4;

export interface AttentionLinesProps {
  readonly attention: Attention;
  readonly columns: number;
  readonly rows: number;
  readonly look: Look;
}

/** Why it waits, or what it does. */
export function AttentionLines({ attention, columns, rows, look }: AttentionLinesProps) {
  const room = columns - 1 - (attention.spins ? spinnerColumns : 0);
  const lines = attentionParts(attention, room, rows);
  const last = span(cut(span(lines.at(-1) ?? "").text, room), attention.tone);
  return (
    <Box flexDirection="column" height={rows}>
      {lines.slice(0, -1).map((text) => (
        <Row key={text} line={[span(` ${text}`, attention.tone)]} width={columns} look={look} />
      ))}
      <Box>
        <Row line={[span(" "), last]} width={1 + widthOf(last.text)} look={look} />
        {attention.spins && (
          <Text dimColor={look.colour}>
            {" "}
            <Spinner type="simpleDots" />
          </Text>
        )}
      </Box>
    </Box>
  );
}
