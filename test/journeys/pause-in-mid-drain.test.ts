import { expect, test } from "vitest";
import { moveTheNodes } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

const budget = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets/cart";

test("a pause takes hold in the middle of a drain that a budget blocks, and the drain goes on after it", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal(["--soak", "0"], { env: lab.env });
  await moveTheNodes(panel);
  await panel.until(" RUNNING ");
  await lab.api("PATCH", budget, { spec: { minAvailable: 3 } });

  await panel.until(/worker-1 waits for shop\/cart-.*PodDisruptionBudget cart/);
  panel.press("p");
  await panel.until(" PAUSED ");
  expect(panel.text()).toMatch(/worker-1 +flannel/);
  expect(panel.row("if you go")).toContain("if you go: pauses");

  const status = await journey.run(["status"], lab.env);
  expect(status).toMatchObject({ code: 3 });
  // Others hear within 2 s that it took hold; until then it pauses.
  expect(status.out).toMatch(/paus(ed|ing)/);

  await lab.api("PATCH", budget, { spec: { minAvailable: 2 } });
  expect(panel.text()).toContain(" PAUSED ");
  panel.press("P");
  await panel.until(" RUNNING ");
  await panel.until(/✓ migrated +worker-1/);
});
