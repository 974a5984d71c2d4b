import { expect, test } from "vitest";
import { moveTheNodes } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

test("a node that was left out keeps the run from being finalized, with the reason, until it is taken in", async () => {
  const journey = new Journey();
  const panel = journey.terminal(["demo", "--speed", "40", "--seed", "7", "--soak", "0"]);
  await panel.until("press m");
  panel.press("1");
  await panel.until("─ Nodes ─");
  await panel.until(/❯ .*worker-1/);
  panel.press("j");
  await panel.until(/❯ .*worker-2/);
  panel.press("space");
  await panel.until(/◆ · queued +worker-2/);
  await panel.choose({ key: "m", title: "Exclude worker-2", choice: "Exclude worker-2" });
  await panel.until(/excluded +worker-2/);
  await moveTheNodes(panel);

  await panel.until(/✓ migrated +control-plane-1/);
  await panel.until(/excluded/);
  await panel.until(/worker-2 to be included/);
  expect(panel.text()).not.toContain("make Cilium the only CNI?");
  panel.press("g", "j");
  await panel.until(/❯ .*worker-2/);
  await panel.choose({ key: "m", title: "Include worker-2", choice: "Include worker-2" });
  await panel.until(/✓ migrated +worker-2/);
  await panel.until("make Cilium the only CNI?");
});
