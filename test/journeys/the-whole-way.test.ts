import { expect, test } from "vitest";
import { finalize, moveTheNodes, removeFlannel } from "../support/lab/consents.ts";
import { expectTerminalRestored } from "../support/lab/terminal-restored.ts";
import { Journey } from "../support/panel/journey.ts";

test("from the plan to the typed consent: the cluster is migrated and the terminal given back", async () => {
  const journey = new Journey();
  const panel = journey.terminal(["demo", "--speed", "40", "--seed", "7", "--soak", "0"]);
  await panel.until("Nothing is moved before you allow it: press m");
  expect(panel.alternate).toBe(true);
  expect(panel.text()).toMatch(/from +Flannel .* vxlan port 8472, pods in 10\.244\.0\.0\/16/);
  expect(panel.text()).toContain("Preflight  0 blockers");

  await moveTheNodes(panel);
  await panel.until(/► migrating +worker-1/);
  await panel.until(/✓ migrated +worker-1/);
  await panel.until(/✓ migrated +control-plane-1 +cilium +0\/\d+\/\d+/);
  expect(panel.text()).toContain("3/3 nodes");

  await finalize(panel);
  await removeFlannel(panel);
  expect(panel.text()).toContain(" DONE ");
  expect(panel.text()).toMatch(/✓ new→new +[1-9]/);
  expect(await journey.engines()).toHaveLength(1);

  panel.press("q");
  expect(await panel.exit()).toBe(0);
  expectTerminalRestored(panel);
  expect(await journey.engines()).toEqual([]);
});
