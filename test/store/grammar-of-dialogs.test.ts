import { describe, expect, test } from "vitest";
import type { MigrationState } from "../../src/engine/model/state.ts";
import { dialogKeys } from "../../src/store/dialogs/dialog-window.ts";
import { textOf } from "../../src/store/text/line.ts";
import { aStore, type } from "../support/panel/panel.tsx";
import { states } from "../support/panel/states.ts";
import { aFailure } from "../support/said.ts";

function waitsForReboot(): MigrationState {
  const state = states["draining-held"]();
  const { plan } = state;
  const node = state.nodes["worker-2"];
  if (!plan || node?.state.phase !== "migrating") throw new Error("the fixture changed");
  return {
    ...state,
    plan: { ...plan, options: { ...plan.options, reboot: { method: "manual" } } },
    nodes: { ...state.nodes, "worker-2": { ...node, state: { ...node.state, step: "reboot" } } },
  };
}

function failedStep(): MigrationState {
  const failure = aFailure("HELM_FAILED", "helm failed", "r retries");
  const state = states.paused();
  return { ...state, steps: { ...state.steps, upgrade: { state: "failed", failure } } };
}

interface Row {
  readonly state: () => MigrationState;
  readonly keys: string;
  /** Names that its title or body must hold: what is changed is named. */
  readonly names: readonly string[];
  readonly watching?: boolean;
}

/** Every dialog of the panel, by the keys that open it. */
const dialogs: Readonly<Record<string, Row>> = {
  "consent to move": { state: states["consent-nodes"], keys: "m", names: ["prod-eu"] },
  "consent to finalize": { state: states["finalize-asked"], keys: "m", names: ["prod-eu"] },
  "consent to remove": { state: states["remove-source-asked"], keys: "m", names: ["prod-eu"] },
  exclude: { state: states["draining-held"], keys: "G space k space m", names: ["worker-5", "control-plane-1"] },
  include: { state: states["rolling-back"], keys: "j j j m", names: ["worker-4"] },
  skip: { state: states["draining-held"], keys: "G space g s", names: ["control-plane-1"] },
  "skip a failed node": { state: states["failed-node"], keys: "j s", names: ["worker-2"] },
  "roll a node back": { state: states["draining-held"], keys: "g space G u", names: ["worker-1"] },
  "roll everything back": { state: states.paused, keys: "U", names: ["prod-eu"] },
  "retry a node": { state: states["failed-node"], keys: "j space G r", names: ["worker-2"] },
  "retry a node that was taken back": { state: states["node-rolled-back"], keys: "! r", names: ["worker-2"] },
  "retry a step of the run": { state: failedStep, keys: "r", names: ["making Cilium the default CNI"] },
  "options of a failed node": { state: states["failed-node"], keys: "j space G o", names: ["worker-2"] },
  "options of a node that waits": { state: states["draining-held"], keys: "j space G o", names: ["worker-2"] },
  "a reboot by hand": { state: waitsForReboot, keys: "j space g b", names: ["worker-2"] },
  leave: { state: states["draining-held"], keys: "q", names: [] },
  "take over": { state: states["watched-free"], keys: "T", names: [], watching: true },
  "ask for the run": { state: states.watched, keys: "T", names: ["ada@bastion/4121"], watching: true },
};

const opened = (row: Row) => {
  const panel = aStore(row.state(), { watching: row.watching ?? false });
  type(panel, ...row.keys.split(" "));
  return panel;
};

describe.each(Object.entries(dialogs))("%s", (_name, row) => {
  test("names what it is about, and nothing was asked by opening it", () => {
    const panel = opened(row);
    const { dialog } = panel.view();
    const said = [dialog?.title ?? "", ...(dialog?.body ?? []).map(textOf)].join("\n");
    for (const name of row.names) expect(said).toContain(name);
    expect(panel.heard).toEqual({ asked: [], terminal: [] });
  });

  test("says its keys in the same form as every other", () => {
    const panel = opened(row);
    const { dialog } = panel.view();
    if (!dialog) throw new Error("no dialog is open");
    const keys = dialogKeys(panel.state(), dialog).map((hint) => hint.join(" "));
    const first = dialog.answer.by === "choice" ? "j k choose" : "Ctrl-u clear";
    expect(keys).toEqual([first, "Enter confirm", "Esc leave"]);
  });

  test("Esc leaves it, and Enter alone does nothing that was not chosen", () => {
    const left = opened(row);
    type(left, "esc");
    expect(left.view().dialog).toBeNull();
    const entered = opened(row);
    type(entered, "enter");
    expect([left.heard, entered.heard]).toEqual([
      { asked: [], terminal: [] },
      { asked: [], terminal: [] },
    ]);
  });

  test.each(["y", "x", "left", "ctrl-x"])("%s does nothing, and what it says is why", (key) => {
    const panel = opened(row);
    type(panel, key);
    const { dialog, message } = panel.view();
    expect(panel.heard).toEqual({ asked: [], terminal: [] });
    expect(dialog).not.toBeNull();
    if (dialog?.answer.by === "typing" && key.length === 1) expect(dialog.answer.typed).toBe(key);
    else expect(message?.text).toMatch(/^nothing was done: .*Enter confirms, Esc leaves$/);
  });

  test("a paste does nothing by itself, and is answered", () => {
    const panel = opened(row);
    panel.clock.forward(5_000);
    panel.store.paste("prod-eu\n");
    expect(panel.heard).toEqual({ asked: [], terminal: [] });
    expect(panel.view().message?.text).toMatch(/nothing was done/);
  });
});

test("a typed answer that is wrong says that it is", () => {
  const panel = aStore(states["remove-source-asked"]());
  type(panel, "m", "enter");
  expect(panel.view().message?.text).toBe("nothing was done: type it first, Enter confirms, Esc leaves");
  type(panel, "x", "enter");
  expect(panel.view().message?.text).toBe("nothing was done: that is not it");
});

test("what does not fit into the terminal is read before it is agreed to", () => {
  const panel = aStore(states["consent-nodes"](), { columns: 60, rows: 15 });
  type(panel, "m", "j", "enter");
  expect(panel.heard.asked).toEqual([]);
  expect(panel.view().message?.text).toBe("nothing was done: PgDn shows the rest of it first");
  const { dialog } = panel.view();
  if (!dialog) throw new Error("no dialog is open");
  expect(dialogKeys(panel.state(), dialog).map(([key]) => key)).toContain("PgDn PgUp");
  for (let page = 0; page < 6; page++) type(panel, "pagedown");
  type(panel, "pageup", "enter");
  expect(panel.heard.asked).toMatchObject([{ request: "consent", consent: "nodes" }]);
});

test("what does not fit may be left unread", () => {
  const panel = aStore(states["consent-nodes"](), { columns: 60, rows: 15 });
  type(panel, "m", "enter");
  expect(panel.view().dialog).toBeNull();
});
