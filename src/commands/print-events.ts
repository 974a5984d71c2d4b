import type { EngineEvent } from "../engine/events.ts";
import { harmlessJson } from "../store/foreign.ts";
import { plainLines } from "./plain-lines.ts";
import { eventWithoutKeys } from "./without-keys.ts";

/** Writes events as JSON lines or as lines for a person; the two say the same. */
export function eventPrinter(json: boolean, out: (line: string) => void): (event: EngineEvent) => void {
  if (json) return (event) => out(harmlessJson(eventWithoutKeys(event)));
  return (event) => {
    for (const line of plainLines(event)) out(line);
  };
}
