import type { LogLine } from "../engine/state.ts";
import { type Line, span, type Tone } from "./line.ts";
import type { PanelState } from "./panel-state.ts";
import { timeOfDay } from "./times.ts";
import { cutMiddle, pad } from "./width.ts";

const tones: Readonly<Record<LogLine["level"], Tone>> = { info: "plain", warning: "warn", error: "bad" };

/** The newest `rows` lines of the run's log that end `back` lines before its end. */
export function logLines(state: PanelState, rows: number, back: number): readonly Line[] {
  const { log } = state.run;
  const end = Math.max(Math.min(rows, log.length), log.length - back);
  const nodeWidth = 16;
  return log
    .slice(Math.max(0, end - rows), end)
    .map(
      ({ at, level, node, text }): Line => [
        span(` ${timeOfDay(at, state.zone)} `, "quiet"),
        span(`${pad(node === null ? "run" : cutMiddle(span(node).text, nodeWidth), nodeWidth)} `, "quiet"),
        span(text, tones[level]),
      ],
    );
}
