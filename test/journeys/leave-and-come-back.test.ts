import { expect, test } from "vitest";
import { moveTheNodes } from "../support/lab/consents.ts";
import { expectTerminalRestored } from "../support/lab/terminal-restored.ts";
import { untilGone } from "../support/lab/until-gone.ts";
import { Journey } from "../support/panel/journey.ts";

test("q stays where it is when told to; left to run, crossfade comes back to the same run", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal(["--soak", "0"], { env: lab.env });
  await moveTheNodes(panel);
  await panel.until(/► migrating +worker-1/);
  await panel.choose({ key: "q", title: "Leave the panel", choice: "Stay" });
  expect(panel.alternate).toBe(true);
  const [engine] = await journey.engines();
  await panel.choose({ key: "q", title: "Leave the panel", choice: "Leave; the run goes on in the background" });
  expect(await panel.exit()).toBe(0);
  expectTerminalRestored(panel);

  const again = journey.terminal([], { env: lab.env });
  await again.until("if you go: goes on");
  expect(await journey.engines()).toEqual([engine]);
  await again.until("make Cilium the only CNI?");
  expect(again.text()).toContain("3/3 nodes");
});

test("q pauses the run and leaves; crossfade shows it and does nothing, until a key takes it up and goes on", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal(["--soak", "0"], { env: lab.env });
  await moveTheNodes(panel);
  await panel.until(/► migrating +worker-1/);
  const [engine = 0] = await journey.engines();
  await panel.choose({ key: "q", title: "Leave the panel", choice: "Pause at the next safe point and leave" });
  expect(await panel.exit()).toBe(0);
  await untilGone(engine, journey);

  const again = journey.terminal(["--soak", "0"], { env: lab.env });
  await again.until(" UNATTENDED ");
  await again.until("P takes it over");
  expect(await journey.engines()).toEqual([]);
  await again.choose({ key: "P", title: "Take the run over", choice: "Take it over and go on" });
  await again.until("● live");
  await again.until("3/3 nodes");
});

test("crossfade migrate says by its name that it goes on: it takes a paused run up, and P resumes it", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal(["--soak", "0"], { env: lab.env });
  await moveTheNodes(panel);
  await panel.until(/► migrating +worker-1/);
  const [engine = 0] = await journey.engines();
  await panel.choose({ key: "q", title: "Leave the panel", choice: "Pause at the next safe point and leave" });
  expect(await panel.exit()).toBe(0);
  await untilGone(engine, journey);

  const again = journey.terminal(["migrate", "--soak", "0"], { env: lab.env });
  await again.until(" PAUSED ");
  again.press("P");
  await again.until("3/3 nodes");
});
