import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Look } from "../../src/components/look.ts";
import type { ApiTls } from "../../src/engine/model/cluster/api-tls.ts";
import { styleSequence } from "../../src/screen/sequences.ts";
import { widthOf } from "../../src/store/text/width.ts";
import { aStore, drawn, type, withoutSpinner } from "../support/panel/panel.tsx";
import { type StateName, states } from "../support/panel/states.ts";

const update = process.env.UPDATE_FRAMES === "1";
const folder = new URL("./golden/", import.meta.url);

interface Shot {
  readonly state: StateName;
  readonly keys?: readonly string[];
  readonly size?: readonly [columns: number, rows: number];
  /** The engine's process died, before the keys. */
  readonly engineGone?: true;
  readonly ownCluster?: true;
  readonly watching?: true;
  readonly tls?: ApiTls;
  readonly look?: Look;
  /** Shows where styles begin, as {7;1}, and where they end, as {}. */
  readonly styles?: boolean;
}

const colour: Look = { colour: true, ascii: false };

/** Name of the golden file → what is pressed, on which state, at which size. */
const shots: Readonly<Record<string, Shot>> = {
  looking: { state: "looking" },
  "plan-with-blockers": { state: "planning-with-blockers" },
  "plan-with-blockers-120x40": { state: "planning-with-blockers", size: [120, 40] },
  "plan-end": { state: "consent-nodes", keys: ["G"] },
  "consent-nodes": { state: "consent-nodes", keys: ["m"] },
  "consent-nodes-120x40": { state: "consent-nodes", keys: ["m", "j"], size: [120, 40] },
  "draining-held": { state: "draining-held", keys: ["j"] },
  "draining-held-60x15": { state: "draining-held", size: [60, 15] },
  "draining-held-120x40": { state: "draining-held", keys: ["j"], size: [120, 40] },
  "draining-held-160x50": { state: "draining-held", keys: ["j"], size: [160, 50] },
  "draining-held-200x50": { state: "draining-held", keys: ["j"], size: [200, 50] },
  "draining-held-ascii": { state: "draining-held", keys: ["j"], look: { colour: true, ascii: true } },
  "failed-node-no-color": {
    state: "failed-node",
    keys: ["j"],
    look: { colour: false, ascii: false },
    styles: true,
  },
  "draining-held-59x14": { state: "draining-held", size: [59, 14] },
  "draining-held-20x5": { state: "draining-held", size: [20, 5] },
  "leave-dialog-20x5": { state: "draining-held", size: [20, 5], keys: ["q", "j"] },
  "engine-gone": { state: "draining-held", engineGone: true },
  "engine-gone-20x5": { state: "draining-held", size: [20, 5], engineGone: true },
  "details-of-held-node": { state: "draining-held", keys: ["j", "enter"] },
  "details-scrolled": { state: "draining-held", keys: ["j", "enter", "pagedown"] },
  "options-of-held-node": { state: "draining-held", keys: ["j", "o"] },
  pausing: { state: "pausing" },
  paused: { state: "paused", keys: ["G", "space", "k"] },
  "failed-node": { state: "failed-node", keys: ["j"] },
  "failed-node-options": { state: "failed-node", keys: ["j", "o", "j"] },
  "failed-node-120x40": { state: "failed-node", keys: ["j"], size: [120, 40] },
  "node-rolled-back": { state: "node-rolled-back", keys: ["j"] },
  "node-rolled-back-120x40": { state: "node-rolled-back", keys: ["j"], size: [120, 40] },
  "node-rolled-back-options": { state: "node-rolled-back", keys: ["j", "o", "j"] },
  "node-deferred": { state: "node-deferred" },
  "node-deferred-120x40": { state: "node-deferred", keys: ["j", "enter"], size: [120, 40] },
  "node-deferred-ascii": { state: "node-deferred", keys: ["!"], look: { colour: true, ascii: true } },
  "leave-dialog-deferred": { state: "node-deferred", keys: ["q"] },
  "rolling-back": { state: "rolling-back" },
  "rollback-node-dialog": { state: "paused", keys: ["u"] },
  "rollback-all-dialog": { state: "paused", keys: ["U", "2"] },
  "finalize-dialog": { state: "finalize-asked", keys: ["m"] },
  "remove-source-dialog": { state: "remove-source-asked", keys: ["m", "p", "r", "o"] },
  "remove-source-dialog-120x40": { state: "remove-source-asked", keys: ["m"], size: [120, 40] },
  "leave-dialog": { state: "draining-held", keys: ["q"] },
  "leave-dialog-pausing": { state: "pausing", keys: ["q"] },
  "leave-dialog-paused": { state: "paused", keys: ["q", "j"] },
  "leave-dialog-failed": { state: "failed-node", keys: ["q"] },
  "leave-dialog-asked": { state: "finalize-asked", keys: ["q"] },
  "leave-dialog-demo": { state: "draining-held", keys: ["q"], ownCluster: true },
  watching: { state: "watched", watching: true, keys: ["j"] },
  "watching-120x40": { state: "watched", watching: true, keys: ["j"], size: [120, 40] },
  "watching-60x15": { state: "watched", watching: true, size: [60, 15] },
  "watching-asked": { state: "watched-asked", watching: true },
  "watching-expired": { state: "watched-expired", watching: true },
  "watching-free-120x40": { state: "watched-free", watching: true, size: [120, 40] },
  "ask-for-run-dialog": { state: "watched", watching: true, keys: ["T"] },
  "take-over-dialog": { state: "watched-free", watching: true, keys: ["T", "j"] },
  "tls-unverified": { state: "draining-held", tls: "unverified" },
  "tls-unverified-120x40": { state: "draining-held", size: [120, 40], tls: "unverified" },
  "tls-unverified-60x15": { state: "watched", watching: true, size: [60, 15], tls: "unverified" },
  "tls-unverified-outage": { state: "outage", tls: "unverified" },
  "no-tls": { state: "looking", tls: "none" },
  done: { state: "done" },
  "done-120x40": { state: "done", size: [120, 40] },
  "stale-link": { state: "stale-link" },
  outage: { state: "outage" },
  "outage-120x40": { state: "outage", size: [120, 40] },
  "5000-nodes": { state: "5000-nodes", keys: ["pagedown", "j", "j"] },
  "5000-nodes-filter": { state: "5000-nodes", keys: ["/", "-", "9", "-"] },
  "5000-nodes-120x40": { state: "5000-nodes", keys: ["G"], size: [120, 40] },
  "long-names": { state: "long-names", keys: ["j"] },
  "long-names-120x40": { state: "long-names", keys: ["j"], size: [120, 40] },
  "long-names-details": { state: "long-names", keys: ["j", "enter", "G"] },
  "long-names-left-out": { state: "long-names", keys: ["j", "j", "j", "enter"] },
  "retry-dialog": { state: "failed-node", keys: ["j", "r"] },
  "exclude-dialog": { state: "draining-held", keys: ["G", "space", "k", "space", "m"] },
  "consent-nodes-60x15": { state: "consent-nodes", keys: ["m", "pagedown"], size: [60, 15] },
  "wrong-key-dialog": { state: "paused", keys: ["u", "y"] },
  "plan-find": { state: "consent-nodes", keys: ["/", "d", "a", "e", "m", "o", "n"] },
  "log-filter": { state: "draining-held", keys: ["l", "/", "c", "o", "r", "d", "o", "n"] },
  log: { state: "draining-held", keys: ["l"] },
  help: { state: "draining-held", keys: ["?"] },
};

async function shoot(shot: Shot): Promise<string> {
  const {
    state,
    keys = [],
    size = [80, 24],
    look = colour,
    ownCluster = false,
    watching = false,
    tls = "verified",
  } = shot;
  const panel = aStore(states[state](), { columns: size[0], rows: size[1], look, ownCluster, watching, tls });
  if (shot.engineGone) panel.store.closed("the engine is gone");
  const screen = drawn(panel.store, look);
  for (const key of keys) {
    type(panel, key);
    await setImmediate();
  }
  const frame = screen.styled();
  screen.end();
  return frame;
}

const plain = (frame: string, styles = false): string =>
  `${withoutSpinner(frame)
    .replaceAll(styleSequence, (sequence) => (styles ? `{${sequence.slice(2, -1).replace(/^0$/, "")}}` : ""))
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")}\n`;

for (const [name, shot] of Object.entries(shots)) {
  test(`the frame ${name} is as it was last looked at`, async () => {
    const frame = plain(await shoot(shot), shot.styles);
    const file = new URL(`${name}.txt`, folder);
    if (update) writeFileSync(file, frame);
    expect(existsSync(file), `${name}.txt is missing: UPDATE_FRAMES=1 writes it, then look at it`).toBe(true);
    expect(frame).toBe(readFileSync(file, "utf8"));
  });

  test(`the frame ${name} fits its terminal`, async () => {
    const [columns, rows] = shot.size ?? [80, 24];
    const lines = plain(await shoot(shot))
      .trimEnd()
      .split("\n");
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
  });
}

test("no golden frame is left over", () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.txt$/, ""));
  expect(files.toSorted()).toEqual(Object.keys(shots).toSorted());
});
