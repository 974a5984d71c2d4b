import { expect, test } from "vitest";
import { betweenNetworks, cordoned } from "../support/lab/cordoned.ts";
import { expectTerminalRestored } from "../support/lab/terminal-restored.ts";
import { untilGone } from "../support/lab/until-gone.ts";
import { Journey, type JourneyLab } from "../support/panel/journey.ts";

/** A node is between two networks: a pause has to wait until it is moved. */
const inMidMove = /"node-step-finished".*"step":"enable-cilium"/;

async function pausedAfter(journey: Journey, lab: JourneyLab, go: () => void): Promise<void> {
  const before = await journey.recorded(inMidMove, journey.journal().length);
  const [engine = 0] = await journey.engines();
  go();
  await untilGone(engine, journey);
  expect(journey.journal().slice(before).join("\n")).toMatch(/"pace":"paused".*/);
  expect(await journey.run(["status"], lab.env)).toMatchObject({ code: 3, out: expect.stringContaining("paused") });
  expect(await betweenNetworks(lab)).toEqual([]);
}

test("a terminal that closes in mid-frame, a panel that is killed: the run pauses at its safe point, and crossfade goes on", async () => {
  const journey = new Journey();
  const lab = await journey.lab("--speed", "15");
  const flags = ["--soak", "0", "--consent", "nodes"];
  const first = journey.terminal(flags, { env: lab.env });
  await pausedAfter(journey, lab, () => first.hangUp());

  const second = journey.terminal(flags, { env: lab.env });
  await second.until(" UNATTENDED ");
  await second.choose({ key: "P", title: "Take the run over", choice: "Take it over and go on" });
  await pausedAfter(journey, lab, () => second.signal("SIGKILL"));

  const third = journey.terminal(["migrate", ...flags], { env: lab.env });
  await third.until(" PAUSED ");
  third.press("P");
  await third.until((screen) => !screen.includes(" PAUSED "));
  const [engine = 0] = await journey.engines();
  third.signal("SIGTERM");
  expect(await third.exit()).toBe(130);
  expectTerminalRestored(third);
  await untilGone(engine, journey);
  expect(await betweenNetworks(lab)).toEqual([]);
  expect(await journey.run(["report", "--verify"], lab.env)).toMatchObject({ code: 0 });
});

test("an engine that is killed under its panel is started again by R, and goes on where it was", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal(["--soak", "0", "--consent", "nodes,finalize,remove-source"], { env: lab.env });
  await journey.recorded(inMidMove);
  const [engine = 0] = await journey.engines();
  process.kill(engine, "SIGKILL");
  await panel.until("The engine's process is gone, and nothing moves");
  expect(panel.text()).toMatch(/worker-\d stands at /);
  expect(panel.alternate).toBe(true);
  panel.press("R");
  await panel.until("every node runs on Cilium");
  expect(await cordoned(lab)).toEqual([]);
  panel.press("q");
  expect(await panel.exit()).toBe(0);
  expectTerminalRestored(panel);
});
