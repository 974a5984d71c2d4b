import { expect, test } from "vitest";
import { finalize, moveTheNodes, removeFlannel } from "../support/consents.ts";
import { Journey } from "../support/journey.ts";

test("a moved node is taken back, taken in again, and moved to the end", async () => {
  const journey = new Journey();
  const panel = journey.terminal(["demo", "--speed", "40", "--seed", "7", "--soak", "0"]);
  await moveTheNodes(panel);
  await panel.until("make Cilium the only CNI?");
  panel.press("g");
  await panel.until(/❯ .*worker-1/);
  panel.press("u");
  await panel.dialog("Take worker-1 back to Flannel");
  panel.press("y");
  await panel.until(/restored +worker-1 +flannel +[1-9]\d*\/0\//);

  await panel.choose({ key: "m", title: "Include worker-1", choice: "Include worker-1" });
  await panel.until(/✓ moved +worker-1 +cilium +0\//);
  await finalize(panel);
  await removeFlannel(panel);
  panel.press("q");
  expect(await panel.exit()).toBe(0);
});
