import type { EngineEvent } from "../../src/engine/model/events.ts";
import { nothingYet } from "../../src/engine/model/state.ts";
import { firstView, type PanelState } from "../../src/store/panel-state.ts";
import { unicodeGlyphs } from "../../src/store/text/glyphs.ts";
import { invariants, statusInvariants } from "./invariants.ts";
import { type Onlooker, Play } from "./play.ts";
import { reportUntruths } from "./report-invariants.ts";
import { type Speakers, shown, speakers } from "./shown.ts";

/** One thing that was told and was not so. */
export interface Untruth {
  readonly seed: number;
  readonly at: number;
  readonly rule: string;
  readonly told: string;
}

export interface CheckResult {
  readonly states: number;
  readonly untruths: readonly Untruth[];
}

const rules = Object.entries({ ...invariants, ...statusInvariants });
/** One untruth is met again in every state that follows: the first few are enough. */
const enough = 3;

const firstPanel = (): PanelState => ({
  run: nothingYet,
  news: [],
  view: firstView(nothingYet, { columns: 200, rows: 60 }),
  now: 0,
  cluster: "prod",
  user: "ada@bastion",
  closed: null,
  watching: false,
  ownCluster: false,
  tls: "verified",
  zone: "UTC",
  glyphs: unicodeGlyphs,
});

/** Plays the run of a seed, and holds everything that is told of it at every moment against what is so. */
export async function heldAgainst(seed: number, by: Speakers = speakers): Promise<CheckResult> {
  const untruths: Untruth[] = [];
  const events: EngineEvent[] = [];
  let states = 0;
  let panel = firstPanel();
  // A run that is taken up is told as a whole, from what is recorded: half of it is nobody's state.
  let whole = true;
  const check = (play: Play) => {
    if (!whole) return;
    states += 1;
    if (untruths.length >= enough) return;
    const moment = { shown: shown(by, panel, play.cluster), truth: play.truth, state: panel, now: play.now };
    for (const [rule, holds] of rules) {
      const told = holds(moment);
      if (told !== null) untruths.push({ seed, at: play.now, rule, told });
    }
  };
  const onlooker = (play: Play): Onlooker => ({
    told(event, at) {
      // As it comes through the socket and the journal: what does not survive JSON is not known.
      const heard = JSON.parse(JSON.stringify(event)) as EngineEvent;
      events.push(heard);
      if (heard.type === "run-announced") whole = !heard.resumed;
      if (heard.type === "log") whole = true;
      const before = heard.type === "run-announced" && heard.resumed ? nothingYet : panel.run;
      const run = by.fold(before, heard);
      panel = { ...panel, run, news: by.news(panel.news, heard, panel.run, run), now: at, closed: null };
      check(play);
    },
    passed(at) {
      // Until an engine that has just begun says something, the one that died is what is known.
      if (play.truth.engineAlive && panel.closed !== null) return;
      const closed = play.truth.engineAlive ? null : "its process is gone";
      panel = { ...panel, now: at, closed };
      check(play);
    },
  });
  const play = new Play(seed, onlooker);
  await play.toItsEnd();
  for (const told of reportUntruths(by, events, panel.run, play.truth))
    untruths.push({ seed, at: play.now, rule: "the report says how it was", told });
  return { states, untruths };
}
