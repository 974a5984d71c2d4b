import { expect, test } from "vitest";
import { moveTheNodes } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

const pods = "/api/v1/namespaces/shop/pods";

interface PodList {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly finalizers?: readonly string[] } }[];
}

test("a pod that its finalizer keeps is named with what keeps it; the drain goes on by itself once that is gone", async () => {
  const journey = new Journey();
  const lab = await journey.lab("--scenario", "pod-kept-by-finalizer", "--pods", "8");
  const panel = journey.terminal(["--soak", "0", "--exclude", "worker-2"], { env: lab.env, columns: 200 });
  await panel.until(/1 pod may outlast a drain: shop\/archive-\S+/);
  await moveTheNodes(panel);
  await panel.until(
    /worker-1 waits for shop\/archive-\S+, which is deleted but kept by its finalizer example\.com\/archive/,
  );
  await panel.until(/cleared by:? the controller that set it; by hand: kubectl/);
  expect(panel.text()).toMatch(/excluded +worker-2/);
  panel.press("g");
  await panel.until(/❯ .*worker-1/);
  panel.press("o");
  await panel.dialog("─ worker-1 waits for");
  for (const option of ["Keep waiting", "Roll back to the old CNI"]) expect(panel.text()).toContain(option);
  panel.press("esc");
  await panel.until((screen) => !screen.includes("Keep waiting"));

  const { items } = (await lab.api("GET", pods)) as PodList;
  for (const { metadata } of items) {
    if (metadata.finalizers) await lab.api("PATCH", `${pods}/${metadata.name}`, { metadata: { finalizers: null } });
  }
  await panel.until(/✓ migrated +worker-1/);
});
