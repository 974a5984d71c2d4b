import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { AskedAgreement } from "../../src/engine/model/plan/asked-agreement.ts";
import { nothingYet } from "../../src/engine/model/state.ts";
import { styleSequence } from "../../src/screen/sequences.ts";
import { aPlan } from "../support/panel/a-plan.ts";
import { aStore, drawn, type } from "../support/panel/panel.tsx";
import { all, now, smallCluster } from "../support/panel/states.ts";

const hash = "f0".repeat(32);
const asked: AskedAgreement = {
  hash,
  startedAt: now - 60_000,
  isNew: true,
  consents: [{ consent: "nodes", by: "eve@there", at: now - 50_000 }],
  terms: [
    { name: "reboot", text: "/bin/sh -c id > /tmp/PWNED" },
    { name: "probe image", text: "evil.example/probe:1" },
  ],
};
const state = all(
  [
    { type: "run-announced", at: now - 60_000, plan: aPlan(smallCluster), resumed: true },
    { type: "agreement-asked", at: now, asked },
  ],
  nothingYet,
);

async function panel(...keys: readonly string[]) {
  const made = aStore(state, { columns: 120, rows: 40 });
  const screen = drawn(made.store);
  for (const key of keys) {
    type(made, key);
    await setImmediate();
  }
  const frame = screen.styled().replaceAll(styleSequence, "");
  screen.end();
  return { frame, asked: made.heard.asked };
}

test("a recorded run that was not agreed to here asks, and nothing is done", async () => {
  const { frame, asked: requests } = await panel();
  expect(frame).toMatch(/\bCONFIRM\b/);
  expect(frame).toContain("was not agreed to on this machine");
  expect(frame).toContain("press m to read what it would run");
  expect(requests).toEqual([]);
});

test("m shows every term, who gave which consent and the plan's hash; No stands first", async () => {
  const { frame, asked: requests } = await panel("m");
  for (const { name, text } of asked.terms) expect(frame).toContain(`${name}: ${text}`);
  for (const text of ["eve@there", hash, "Anyone who may write ConfigMaps in namespace crossfade"]) {
    expect(frame).toContain(text);
  }
  expect(frame.indexOf("No: do nothing with it")).toBeLessThan(frame.indexOf("Agree, and go on with it"));
  expect(requests).toEqual([]);
});

test.each<[keys: readonly string[], requests: readonly unknown[]]>([
  [["m", "enter"], []],
  [["m", "escape"], []],
  [["enter"], []],
  [["m", "j", "enter"], [{ request: "agree", hash, by: "ada@bastion" }]],
])("%j asks the engine for %j", async (keys, requests) => {
  expect((await panel(...keys)).asked).toEqual(requests);
});
