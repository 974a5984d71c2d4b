import { expect, test } from "vitest";
import { moveTheNodes } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

const pods = "/api/v1/namespaces/shop/pods";
const bare = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "debug", namespace: "shop" },
  spec: { nodeName: "worker-1", containers: [{ name: "sh", image: "busybox", command: ["sleep", "3600"] }] },
};

test("a drain that a bare pod refuses fails the node, shows the options, and is retried once the pod is gone", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal(["--soak", "0"], { env: lab.env });
  await moveTheNodes(panel);
  await panel.until(" RUNNING ");
  await lab.api("POST", pods, bare);

  await panel.until(/failed +worker-1/);
  await panel.until(" WAITING ");
  expect(panel.text()).toMatch(/shop\/debug/);
  panel.press("o");
  await panel.dialog("─ worker-1 failed");
  for (const option of ["Leave it as it is", "Retry from the step that failed", "Roll back to the old CNI", "Skip"]) {
    expect(panel.text()).toContain(option);
  }
  panel.press("esc");
  await panel.until((screen) => !screen.includes("Leave it as it is"));
  expect((await journey.run(["status"], lab.env)).code).toBe(1);

  await lab.api("DELETE", `${pods}/debug?gracePeriodSeconds=0`);
  await panel.choose({ key: "r", title: "Retry worker-1", choice: "Retry worker-1" });
  await panel.until(/✓ migrated +worker-1/);
});
