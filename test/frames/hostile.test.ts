import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Look } from "../../src/components/look.ts";
import { cellsOf } from "../../src/screen/cells.ts";
import { styleSequence } from "../../src/screen/sequences.ts";
import { widthOf } from "../../src/store/text/width.ts";
import { acting, foreignFrames, hostileState, hostileStrings } from "../support/panel/hostile.ts";
import { aStore, drawn, type } from "../support/panel/panel.tsx";
import { type StateName, states } from "../support/panel/states.ts";

const look: Look = { colour: true, ascii: false };

/** State → the views to open on it. */
const tours: Readonly<Partial<Record<StateName, readonly (readonly string[])[]>>> = {
  "planning-with-blockers": [[], ["G"]],
  "consent-nodes": [["m"]],
  "draining-held": [[], ["j", "enter"], ["j", "o"], ["l"], ["q"]],
  "failed-node": [["j"], ["j", "o"], ["j", "enter"]],
  "remove-source-asked": [["m"]],
  paused: [["u"], ["U"]],
  done: [[]],
  "stale-link": [[]],
};

async function frameOf(state: StateName, keys: readonly string[], seed: number): Promise<string> {
  const size = seed % 2 === 0 ? ([80, 24] as const) : ([120, 40] as const);
  const panel = aStore(hostileState(states[state](), hostileStrings(seed)), { columns: size[0], rows: size[1], look });
  const screen = drawn(panel.store, look);
  for (const key of keys) {
    type(panel, key);
    await setImmediate();
  }
  const frame = screen.styled();
  screen.end();
  return frame;
}

const views = Object.entries(tours).flatMap(([state, all]) => all.map((keys) => ({ state: state as StateName, keys })));

test.for(views)(
  "no string of a cluster acts on the terminal or passes for ours: $state $keys",
  async ({ state, keys }) => {
    let shown = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const frame = await frameOf(state, keys, seed * 7 + keys.length);
      const columns = (seed * 7 + keys.length) % 2 === 0 ? 80 : 120;
      const lines = frame.replaceAll(styleSequence, "").split("\n");
      for (const line of lines) {
        const why = `seed ${seed}: ${JSON.stringify(line)}`;
        expect(acting.exec(line)?.[0], why).toBeUndefined();
        expect(foreignFrames.exec(line)?.[0], why).toBeUndefined();
        expect(widthOf(line), why).toBeLessThanOrEqual(columns);
      }
      for (const line of frame.split("\n")) expect(cellsOf(line, columns).length).toBeLessThanOrEqual(columns);
      shown += (frame.match(/<[0-9a-f]{4,6}>|\^[A-Z[\]@\\_?]/g) ?? []).length;
    }
    // Otherwise nothing hostile was on the screen, and nothing was shown.
    expect(shown).toBeGreaterThan(5);
  },
);
