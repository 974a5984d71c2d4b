import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { lookFor } from "../../src/components/look.ts";
import { styleSequence } from "../../src/screen/sequences.ts";
import { speaksUnicode } from "../../src/store/text/glyphs.ts";
import { aStore, drawn, type } from "../support/panel/panel.tsx";
import { now, states } from "../support/panel/states.ts";

const codes = (frame: string): ReadonlySet<string> =>
  new Set([...frame.matchAll(styleSequence)].flatMap(([sequence]) => sequence.slice(2, -1).split(";")));

test("NO_COLOR sends no colour, but keeps weight and inversion", async () => {
  const look = lookFor({ NO_COLOR: "1" }, false);
  const panel = aStore(states["failed-node"](), { look });
  const screen = drawn(panel.store, look);
  type(panel, "j", "u");
  await setImmediate();
  const used = codes(screen.styled());
  screen.end();
  expect([...used].filter((code) => Number(code) >= 30)).toEqual([]);
  expect(used).toContain("7");
  expect(used).toContain("1");
});

test("with colour, only the sixteen names are used", () => {
  const look = lookFor({}, false);
  const panel = aStore(states["failed-node"](), { look, columns: 120, rows: 40 });
  const screen = drawn(panel.store, look);
  const used = codes(screen.styled());
  screen.end();
  expect([...used]).not.toContain("38");
  expect([...used].some((code) => Number(code) >= 30 && Number(code) <= 37)).toBe(true);
});

test("ASCII sends nothing but ASCII, in every state", () => {
  const look = lookFor({}, true);
  for (const build of Object.values(states)) {
    const panel = aStore(build(), { look, columns: 120, rows: 40 });
    const screen = drawn(panel.store, look);
    const frame = screen.styled().replaceAll(styleSequence, "");
    screen.end();
    expect(frame).toMatch(/^[\x20-\x7e\n]*$/);
  }
});

const environments: readonly (readonly [env: Record<string, string>, colour: boolean, unicode: boolean])[] = [
  [{ LANG: "en_GB.UTF-8" }, true, true],
  [{ LANG: "C" }, true, false],
  [{ LANG: "en_GB.UTF-8", LC_ALL: "POSIX" }, true, false],
  [{ LC_CTYPE: "C.utf8" }, true, true],
  [{ LANG: "C.UTF-8", TERM: "linux" }, true, false],
  [{ NO_COLOR: "1" }, false, false],
  [{ NO_COLOR: "" }, true, false],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
  [{ FORCE_COLOR: "0" }, false, false],
  [{ TERM: "dumb" }, false, false],
];

for (const [env, colour, unicode] of environments) {
  test(`${JSON.stringify(env)}: ${colour ? "colour" : "no colour"}, ${unicode ? "Unicode" : "ASCII"}`, () => {
    expect(lookFor(env, false).colour).toBe(colour);
    expect(speaksUnicode(env)).toBe(unicode);
  });
}

test("keys reach the store one by one through Ink, in a burst and before Ink listened", async () => {
  const panel = aStore(states["draining-held"]());
  const screen = drawn(panel.store);
  for (const key of ["j", "j", "\x1b[B", "\x1b[27u", "k"]) screen.stdin.feed(key);
  await setImmediate();
  expect(panel.view().cursor).toBe("worker-3");
  screen.end();
});

test("what the cluster says cannot act on the terminal", () => {
  const panel = aStore(states["draining-held"]());
  panel.store.receive({
    type: "log",
    at: now,
    level: "info",
    node: "worker-1",
    note: { code: "plain", params: { text: "evil \x1b[2J\x1b]0;owned\x07 text" } },
  });
  panel.clock.forward(1_000);
  type(panel, "l");
  const screen = drawn(panel.store);
  const frame = screen.styled();
  screen.end();
  expect(frame.replaceAll(styleSequence, "")).not.toContain("\x1b");
  expect(frame).toContain("evil ^[[2J");
});

test("five thousand nodes cost a frame no more rows than there are", () => {
  const panel = aStore(states["5000-nodes"]());
  const screen = drawn(panel.store);
  expect(screen.styled().match(/ip-10-/g)?.length).toBeLessThan(30);
  screen.end();
});
