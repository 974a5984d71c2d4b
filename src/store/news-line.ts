import type { LogLine } from "../engine/model/state.ts";

/** A line of the panel's log. */
export interface NewsLine {
  readonly at: number;
  readonly level: LogLine["level"];
  readonly node: string | null;
  readonly text: string;
}
