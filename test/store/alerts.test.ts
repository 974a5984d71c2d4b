import { expect, test } from "vitest";
import { type AlertKind, Alerts, alertsFor } from "../../src/store/alerts.ts";
import type { PanelState } from "../../src/store/panel-state.ts";
import { aStore } from "../support/panel/panel.tsx";
import { type StateName, states } from "../support/panel/states.ts";

const all: readonly AlertKind[] = ["bell", "title", "notification"];

function listener(kinds: readonly AlertKind[] = all) {
  const heard: string[] = [];
  const terminal = {
    bell: () => void heard.push("bell"),
    title: (text: string) => void heard.push(`title ${text}`),
    notify: (text: string) => void heard.push(`notify ${text}`),
  };
  return { heard, alerts: new Alerts(terminal, new Set(kinds), 0) };
}

const shown = (name: StateName, change: Partial<PanelState> = {}): PanelState => ({
  ...aStore(states[name]()).state(),
  ...change,
});

/** What was seen before → what is seen now: whether somebody is called. */
const turns: readonly (readonly [before: StateName, after: StateName, calls: boolean])[] = [
  ["looking", "consent-nodes", true],
  ["draining-held", "failed-node", true],
  ["draining-held", "finalize-asked", true],
  ["finalize-asked", "remove-source-asked", true],
  ["remove-source-asked", "done", true],
  ["draining-held", "pausing", false],
  ["pausing", "paused", false],
  ["draining-held", "rolling-back", false],
  ["failed-node", "failed-node", false],
];

test.each(turns)("from %s to %s: called %s", (before, after, calls) => {
  const { heard, alerts } = listener(["bell"]);
  alerts.look(shown(before));
  heard.length = 0;
  alerts.look(shown(after));
  expect(heard).toEqual(calls ? ["bell"] : []);
});

test("the title says how it stands, and only where that changed", () => {
  const { heard, alerts } = listener(["title"]);
  alerts.look(shown("draining-held"));
  alerts.look(shown("draining-held"));
  alerts.look(shown("paused"));
  expect(heard).toHaveLength(2);
  expect(heard[0]).toMatch(/^title RUNNING \d+% - prod-eu - crossfade$/);
  expect(heard[1]).toMatch(/^title PAUSED \d+% - /);
});

test("a run that was over before the panel was opened rings, titles and notifies nothing", () => {
  const { heard, alerts } = listener();
  alerts.look(shown("looking"));
  alerts.look(shown("done"));
  expect(heard).toEqual([]);
});

test("who has just opened the panel is not called", () => {
  const { heard, alerts } = listener(["bell", "notification"]);
  alerts.look(shown("looking", { now: 1_000 }));
  alerts.look(shown("consent-nodes", { now: 2_000 }));
  alerts.look(shown("consent-nodes", { now: 60_000 }));
  expect(heard).toEqual([]);
});

test("an engine that is gone calls", () => {
  const { heard, alerts } = listener();
  alerts.look(shown("draining-held"));
  heard.length = 0;
  alerts.look(shown("draining-held", { closed: "the engine is gone" }));
  expect(heard.map((what) => what.split(" ")[0])).toEqual(["title", "bell", "notify"]);
});

test("nothing foreign acts on the terminal through a title or a notification", () => {
  const { heard, alerts } = listener();
  const cluster = "9;4;1\x07\x1b]0;evil\x1b\\\u009d\u202e";
  alerts.look(shown("draining-held", { cluster }));
  alerts.look(shown("failed-node", { cluster }));
  for (const text of heard) expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(heard.find((text) => text.startsWith("notify"))).toMatch(/^notify crossfade, /);
});

test("what was not chosen stays silent", () => {
  const { heard, alerts } = listener([]);
  alerts.look(shown("draining-held"));
  alerts.look(shown("failed-node"));
  expect(heard).toEqual([]);
});

/** The environment → what is on without a choice. */
const terminals: readonly (readonly [env: Record<string, string>, kinds: readonly AlertKind[]])[] = [
  [{ TERM: "xterm-256color" }, ["bell", "title"]],
  [{ TERM: "xterm-256color", TERM_PROGRAM: "iTerm.app" }, all],
  [{ TERM: "xterm-kitty" }, all],
  [{ TERM: "foot" }, all],
  [{ TERM: "tmux-256color", TMUX: "/tmp/x", TERM_PROGRAM: "WezTerm" }, ["bell", "title"]],
  [{ TERM: "linux" }, ["bell"]],
  [{ TERM: "vt100" }, ["bell"]],
  [{}, ["bell"]],
];

test.each(terminals)("%o: %s", (env, kinds) => {
  expect([...alertsFor(env)]).toEqual(kinds);
});
