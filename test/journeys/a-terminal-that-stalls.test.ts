import { expect, test } from "vitest";
import type { EngineEvent } from "../../src/engine/model/events.ts";
import { hearEngine, tickMs } from "../support/hear-engine.ts";
import { Journey } from "../support/panel/journey.ts";

const everything = ["--soak", "0", "--consent", "nodes,finalize,remove-source"];

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
  const heard = hearEngine(journey.env.XDG_RUNTIME_DIR ?? "");
  await ended(journey);
  heard.stop();
  const end = eventsOf(journey).at(-1);
  expect(end).toMatchObject({ type: "run-finished", outcome: "migrated" });
  expect((end?.at ?? 0) - stalledAt).toBeGreaterThan(3_000);
  expect(heard.said).toBeGreaterThan(50);
  expect(heard.longestGapMs).toBeLessThan(2 * tickMs);

  // The panel shows the end as soon as its terminal reads again, whatever it was told meanwhile.
  panel.goOn();
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
  run.goOn();
  expect(await run.exit()).toBe(0);
  expect(run.raw).toContain('"outcome":"migrated"');
});
