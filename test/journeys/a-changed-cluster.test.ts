import { expect, test } from "vitest";
import { labName } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

const budget = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets/cart";

test("a cluster that changed after its plan was shown is not moved by the old plan", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal([], { env: lab.env });
  await panel.until("Preflight  0 blockers");
  await panel.until("press m");
  await lab.api("PATCH", budget, { spec: { minAvailable: 3 } });
  await panel.choose({ key: "m", title: `Move ${labName} from Flannel to Cilium`, choice: "Move the nodes" });
  await panel.until("the cluster has changed since this plan was made");
  await panel.until("Preflight  1 blocker");
  await panel.until(/✗ PDBs allow evictions/);
  expect((await journey.run(["status"], lab.env)).out).toContain("no run is recorded on this cluster");
});
