import { expect, test } from "vitest";
import { moveTheNodes } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

interface Named {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

test("the whole run is undone once the number of nodes was typed, and nothing of Cilium is left", async () => {
  const journey = new Journey();
  const lab = await journey.lab();
  const panel = journey.terminal(["--soak", "0"], { env: lab.env });
  await moveTheNodes(panel);
  await panel.until(/✓ migrated +worker-1/);
  panel.press("p");
  await panel.until(" PAUSED ");
  const moved = panel.text().match(/✓ migrated/g)?.length ?? 0;

  panel.press("U");
  await panel.dialog("Roll back the whole run on crossfade-lab");
  await panel.type("9");
  panel.press("enter");
  await panel.until("nothing was done: that is not it");
  panel.press("ctrl-u");
  await panel.until("> _");
  await panel.type(String(moved));
  panel.press("enter");
  await panel.until(" ROLLING BACK ");
  await panel.until("every node is on its old CNI again");
  expect(panel.text()).toContain(" ROLLED BACK ");

  const { items } = (await lab.api("GET", "/apis/apps/v1/daemonsets")) as Named;
  expect(items.map(({ metadata }) => metadata.name)).not.toContain("cilium");
  expect(items.map(({ metadata }) => metadata.name)).toContain("kube-flannel-ds");
  panel.press("q");
  expect(await panel.exit()).toBe(0);
});
