import { expect, test } from "vitest";
import { finalize, moveTheNodes, removeFlannel } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

test("a moved node is taken back, taken in again, and moved to the end", async () => {
  const journey = new Journey();
  const panel = journey.terminal(["demo", "--speed", "40", "--seed", "7", "--soak", "0"]);
  await moveTheNodes(panel);
  await panel.until("make Cilium the only CNI?");
  panel.press("g");
  await panel.until(/❯ .*worker-1/);
  await panel.choose({ key: "u", title: "Roll worker-1 back to Flannel", choice: "Roll worker-1 back to Flannel" });
  await panel.until(/rolled back +worker-1 +flannel +[1-9]\d*\/0\//);

  await panel.choose({ key: "m", title: "Include worker-1", choice: "Include worker-1" });
  await panel.until(/✓ migrated +worker-1 +cilium +0\//);
  await finalize(panel);
  await removeFlannel(panel);
  panel.press("q");
  expect(await panel.exit()).toBe(0);

  // The consents, and the end.
  expect(panel.raw.split("\x07").length).toBeGreaterThan(4);
  const title = panel.raw.lastIndexOf("\x1b]2;DONE - crossfade-lab - crossfade\x07");
  expect(title).toBeGreaterThan(0);
  expect(panel.raw.lastIndexOf("\x1b[23;2t"), "the title is given back").toBeGreaterThan(title);
});
