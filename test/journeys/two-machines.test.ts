import { expect, test } from "vitest";
import { otherMachine } from "../support/lab/other-machine.ts";
import { Journey } from "../support/panel/journey.ts";

test("who looks from another machine watches, asks for a pause, takes over after the engine's death, and is asked for the run", async () => {
  const [here, there] = [new Journey(), new Journey()];
  const lab = await here.lab();
  const ann = here.terminal(["--soak", "10m", "--consent", "nodes"], { env: lab.env });
  await ann.until(/soak time, until/);
  const [first = 0] = await here.engines();

  const bob = there.terminal([], { env: otherMachine(lab, there) });
  await bob.until("● watching");
  await bob.until(new RegExp(`by .*@.*/${first} since`));
  expect(bob.text()).toContain("you watch");
  expect(await there.engines()).toEqual([]);
  bob.press("u");
  await bob.until("T asks for it");

  bob.press("p");
  await ann.until(/ PAUS(ING|ED) /);
  await bob.until(" PAUSED ");
  bob.press("P");
  await ann.until(" RUNNING ");
  await bob.until(" RUNNING ");

  process.kill(first, "SIGKILL");
  await bob.until(" UNATTENDED ");
  await bob.choose({ key: "T", title: "Take the run over", choice: "Take it over" });
  await bob.until(" CONFIRM ");
  await bob.choose({ key: "m", title: "A run on crossfade-lab that was not", choice: "Agree, and go on" });
  await bob.until("● live");
  const [second = 0] = await there.engines();
  await bob.until(new RegExp(`by .*/${second} since`));
  await bob.until(" RUNNING ");

  await ann.until("The engine's process is gone");
  ann.press("R");
  await ann.until("● watching");
  await ann.choose({ key: "T", title: "Ask for the run", choice: "Ask for it and take it over" });
  await ann.until("● live");
  await bob.until("● watching");
  const [third = 0] = await here.engines();
  await bob.until(new RegExp(`by .*/${third} since`));
});
