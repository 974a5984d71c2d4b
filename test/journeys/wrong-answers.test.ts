import { expect, test } from "vitest";
import { finalize, labName, moveTheNodes } from "../support/lab/consents.ts";
import { Journey } from "../support/panel/journey.ts";

test("keys that come too soon, pasted text and a wrong name answer no dialog", async () => {
  const journey = new Journey();
  const panel = journey.terminal(["demo", "--speed", "40", "--seed", "7", "--soak", "0"]);
  await panel.until("press m");
  // One read: what opens the dialog must not answer it as well.
  panel.write("mj\r");
  await panel.dialog(`Move ${labName} from Flannel`);
  expect(panel.text()).toContain("❯ Not yet");
  expect(panel.text()).toContain("move the nodes?");
  panel.press("esc");
  await panel.until((screen) => !screen.includes("Not yet"));

  await moveTheNodes(panel);
  await finalize(panel);
  await panel.until("remove Flannel for good?");
  panel.press("m");
  await panel.dialog("POINT OF NO RETURN");
  panel.write(`\x1b[200~${labName}\r\x1b[201~\r`);
  await panel.until("the key came too soon after the dialog");
  // It was filled in, and the dialog hears nothing at first again.
  await panel.dialog(`> ${labName}_`);
  panel.press("ctrl-u");
  await panel.type("crossfade-lib");
  panel.press("enter");
  await panel.until("nothing was done: that is not it");
  panel.press("esc");
  await panel.until((screen) => !screen.includes("POINT OF NO RETURN: remove"));
  expect(panel.text()).toContain("remove Flannel for good?");
  expect(journey.journal().join("\n")).not.toContain('"consent-given","consent":"remove-source"');
});
