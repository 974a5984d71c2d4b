import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { fold } from "../../../src/engine/model/fold.ts";
import { note } from "../../../src/engine/model/notes/note.ts";
import { type MigrationState, nothingYet } from "../../../src/engine/model/state.ts";
import { withNews } from "../../../src/store/news.ts";
import type { NewsLine } from "../../../src/store/news-line.ts";
import { now } from "../a-node.ts";
import { shifted } from "./shifted.ts";

/** What `npm run record` plays, by the names of their files. */
export type RecordingName = "plan" | "blocked";

/** Where the recordings are, also seen from a bundle below node_modules. */
function recordings(): URL {
  for (let up = new URL("./", import.meta.url); up.pathname !== "/"; up = new URL("../", up)) {
    const folder = new URL("test/frames/recorded/", up);
    if (existsSync(folder)) return folder;
  }
  throw new Error("test/frames/recorded is missing: run npm run record");
}

export const recordingNames = (): readonly RecordingName[] =>
  readdirSync(recordings()).map((file) => file.replace(/\.jsonl$/, "") as RecordingName);

const read = new Map<RecordingName, readonly EngineEvent[]>();

/** All that the engine of a recorded run said. */
export function recording(name: RecordingName): readonly EngineEvent[] {
  const known = read.get(name);
  if (known) return known;
  const lines = readFileSync(new URL(`${name}.jsonl`, recordings()), "utf8")
    .trimEnd()
    .split("\n");
  const events = lines.map((line) => JSON.parse(line) as EngineEvent);
  read.set(name, events);
  return events;
}

/** As a panel has it that was there from the beginning: its log holds what it makes of each event. */
function foldedTo(events: readonly EngineEvent[]): MigrationState {
  let [state, news]: [MigrationState, readonly NewsLine[]] = [nothingYet, []];
  for (const event of events) {
    const after = fold(state, event);
    news = withNews(news, event, state, after);
    state = after;
  }
  const log = news.map(({ text, ...line }) => ({ ...line, note: note("plain", { text }) }));
  return shifted({ ...state, log }, now - (events.at(-1)?.at ?? now));
}

/** The state in which the recording ends. */
export const atEndOf = (name: RecordingName): MigrationState => foldedTo(recording(name));
