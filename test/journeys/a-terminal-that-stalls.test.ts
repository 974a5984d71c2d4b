import { readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import type { EngineEvent } from "../../src/engine/events.ts";
import { Journey } from "../support/journey.ts";

const everything = ["--soak", "0", "--consent", "nodes,finalize,remove-source"];

/** The engine looks at the cluster at least this often, and says of each node what it saw. */
const tickMs = 2_000;

interface Heard {
  longestGapMs: number;
  said: number;
  stop(): void;
}

/** When the engine said something, as another panel hears it. */
function hearEngine(journey: Journey): Heard {
  const folder = join(journey.env.XDG_RUNTIME_DIR ?? "", "crossfade");
  const connection = createConnection(join(folder, readdirSync(folder)[0] ?? ""));
  const heard = { longestGapMs: 0, said: 0, stop: () => void connection.destroy() };
  let last = performance.now();
  createInterface({ input: connection }).on("line", () => {
    const now = performance.now();
    heard.longestGapMs = Math.max(heard.longestGapMs, now - last);
    heard.said += 1;
    last = now;
  });
  return heard;
}

const eventsOf = (journey: Journey): readonly EngineEvent[] =>
  journey.journal().map((line) => (JSON.parse(line) as { readonly event: EngineEvent }).event);

const ended = (journey: Journey) => journey.recorded(/"type":"run-finished"/);

test("a panel whose terminal stops reading holds up no engine: it says as much as ever, and ends the run", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal(everything, { env: lab.env });
  await journey.recorded(/"consent-given"/);
  panel.stall();
  const stalledAt = Date.now();
  const heard = hearEngine(journey);
  await ended(journey);
  heard.stop();
  const end = eventsOf(journey).at(-1);
  expect(end).toMatchObject({ type: "run-finished", outcome: "migrated" });
  expect((end?.at ?? 0) - stalledAt).toBeGreaterThan(3_000);
  expect(heard.said).toBeGreaterThan(50);
  expect(heard.longestGapMs).toBeLessThan(2 * tickMs);

  // The panel shows the end as soon as its terminal reads again, whatever it was told meanwhile.
  panel.readOn();
  await panel.until("every node runs on Cilium");
  panel.press("q");
  expect(await panel.exit()).toBe(0);
});

test("a headless run whose terminal stops reading goes on to its end", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const run = journey.terminal(["migrate", "--json", ...everything], { env: lab.env });
  await run.until("restart-agent");
  run.stall();
  await ended(journey);
  expect(eventsOf(journey).at(-1)).toMatchObject({ type: "run-finished", outcome: "migrated" });
  run.readOn();
  expect(await run.exit()).toBe(0);
  expect(run.raw).toContain('"outcome":"migrated"');
});
