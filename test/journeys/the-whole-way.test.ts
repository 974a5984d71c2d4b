import { expect, test } from "vitest";
import { expectGivenBack } from "../support/given-back.ts";
import { Journey } from "../support/journey.ts";

test("from the plan to the typed consent: the cluster is migrated and the terminal given back", async () => {
  const journey = new Journey();
  const panel = journey.terminal(["demo", "--speed", "40", "--seed", "7", "--soak", "0"]);
  await panel.until("Nothing is moved before you allow it: press m");
  expect(panel.alternate).toBe(true);
  expect(panel.text()).toMatch(/from +Flannel .* vxlan port 8472, pods in 10\.244\.0\.0\/16/);
  expect(panel.text()).toContain("Preflight  0 blockers");

  await panel.choose({ key: "m", title: "Move crossfade-lab from Flannel to Cilium", choice: "Move the nodes" });
  await panel.until(/► moving +worker-1/);
  await panel.until(/✓ moved +worker-1/);
  await panel.until("3/3 nodes");
  await panel.until(/✓ moved +control-plane-1 +cilium +0\/\d+\/\d+/);

  await panel.until("make Cilium the only CNI?");
  await panel.choose({ key: "m", title: "Make Cilium the only CNI of crossfade-lab", choice: "Finalize" });
  await panel.until("remove Flannel for good?");
  panel.press("m");
  await panel.dialog("POINT OF NO RETURN: remove Flannel from crossfade-lab");
  await panel.type("crossfade-lab");
  panel.press("enter");
  await panel.until("every node runs on Cilium");
  expect(panel.text()).toContain(" DONE ");

  panel.press("q");
  expect(await panel.exit()).toBe(0);
  expectGivenBack(panel);
});
