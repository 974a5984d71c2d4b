import { ConnectivityPace } from "../../engine/model/connectivity-pace.ts";
import type { EngineEvent } from "../../engine/model/events.ts";
import { harmlessJson } from "../../store/text/foreign.ts";
import { jsonEvent } from "./json-event.ts";
import { plainLines } from "./plain-lines.ts";

type Print = (event: EngineEvent) => void;

/** A panel shows every sample; a stream that somebody keeps has what matters at once, and what only counts on seldom. */
function jsonPrinter(out: (line: string) => void): Print {
  const pace = new ConnectivityPace();
  const print: Print = (event) => out(harmlessJson(jsonEvent(event)));
  return (event) => {
    if (event.type === "connectivity" && !pace.isDue(event)) return;
    const last = event.type === "run-finished" ? pace.takeHeldBack() : null;
    if (last !== null) print(last);
    print(event);
  };
}

/** Writes events as JSON lines or as lines for a person; the two say the same. */
export function eventPrinter(json: boolean, out: (line: string) => void): Print {
  if (json) return jsonPrinter(out);
  return (event) => {
    for (const line of plainLines(event)) out(line);
  };
}
