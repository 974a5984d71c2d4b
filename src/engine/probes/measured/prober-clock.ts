import type { ProberLine } from "../../model/probing/prober-line.ts";

/** What is remembered of a prober's stream of lines. */
export interface StreamState {
  readonly boot: string;
  readonly number: number;
  /** The engine's clock less the prober's, with the shortest way of a line that was seen. */
  readonly clockMs: number;
  /** Of the last line, by the engine's clock. */
  readonly heardAt: number;
}

/** How a line follows those before it. */
export type Following =
  /** It was read before: a stream that is opened again begins a little earlier. */
  | { readonly is: "known" }
  | { readonly is: "next" | "restarted"; readonly stream: StreamState; readonly missedLines: number };

/** So much may a clock drift away from the best that was seen before it is believed anew, milliseconds a line. */
const driftMs = 0.1;

/** Holds a line against those that were read. Pure. */
export function following(known: StreamState | null, line: ProberLine, receivedAt: number): Following {
  const apart = receivedAt - line.at;
  const { boot, number } = line;
  if (known === null || known.boot !== boot)
    return {
      is: known === null ? "next" : "restarted",
      stream: { boot, number, clockMs: apart, heardAt: receivedAt },
      missedLines: 0,
    };
  if (number <= known.number) return { is: "known" };
  const clockMs = Math.min(apart, known.clockMs + driftMs);
  return {
    is: "next",
    stream: { boot, number, clockMs, heardAt: receivedAt },
    missedLines: number - known.number - 1,
  };
}
