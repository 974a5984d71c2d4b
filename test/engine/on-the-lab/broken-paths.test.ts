import type { DropRule } from "crossfade-lab/machine.ts";
import { afterEach, describe, expect, test } from "vitest";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";
import { said } from "../../support/said.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

const sourcePort = 8_472;

/** A firewall in front of one machine; what was there goes again with the answered function. */
function drop(on: string, rule: Omit<DropRule, "butPorts">): () => void {
  const machine = world?.lab.machines.get(on);
  const whole = { ...rule, butPorts: [sourcePort] };
  machine?.drops.add(whole);
  return () => machine?.drops.delete(whole);
}

const held = (state: MigrationState) => said(state.hold).because;
const begun = (state: MigrationState) => state.order.filter((name) => state.nodes[name]?.state.phase !== "queued");

describe("before anything is installed", () => {
  test.each([
    [
      0,
      /^UDP 8473, the port of Cilium's tunnel, to pass between nodes: worker-1 → worker-2 \(nothing is installed yet\)$/,
    ],
    [1_400, /^packets of 1500 bytes to pass between nodes on UDP 8473, as small ones do: worker-1 → worker-2 \(/],
  ])(
    "UDP above %i bytes dropped on the tunnel's port: the pair is named, and Cilium is not there",
    async (longerThan, said) => {
      world = await World.make({ nodes: 3, pods: 6 });
      const mend = drop("worker-2", { from: "worker-1", longerThan });
      const run = world.start();
      await run.until("the pair to be named", (state) => said.test(held(state)), 120_000);
      const daemonSets = () => world?.lab.store.list("apps/daemonsets").map(({ metadata }) => metadata.name);
      expect(daemonSets()).toContain("crossfade-look");
      expect(daemonSets()).not.toContain("cilium");
      mend();
      await run.until("the installation to begin", ({ steps }) => steps.install !== undefined, 60_000);
      expect(daemonSets()).not.toContain("crossfade-look");
    },
  );
});

describe("before any node moves", () => {
  test.each([
    [0, /worker-1 → worker-2: Connection timed out/],
    [1_400, /worker-1 → worker-2: connects, and gets no answer to full-size packets/],
  ])(
    "packets above %i bytes dropped on the tunnel's port: the pair is named, and no node is begun",
    async (longerThan, said) => {
      world = await World.make({ nodes: 3, pods: 6 });
      const run = world.start();
      await run.until("the look at the nodes to be over", ({ steps }) => steps.prepare?.state === "done", 60_000);
      const mend = drop("worker-2", { from: "worker-1", longerThan });
      await run.until("the pair to be named", (state) => said.test(held(state)), 120_000);
      expect(held(run.state)).toMatch(/^traffic through Cilium's tunnel \(vxlan, UDP 8473\) to pass: /);
      expect(begun(run.state)).toEqual([]);
      mend();
      await run.until("the proof to be done", ({ steps }) => steps["verify-install"]?.state === "done", 60_000);
    },
  );
});

describe("in mid-run", () => {
  test.each([0, 1_400])(
    "packets above %i bytes dropped between two moved nodes while a third drains: its soak does not end, the fourth is not begun",
    async (longerThan) => {
      world = await World.make({ nodes: 4, pods: 4 });
      let mend: (() => void) | null = null;
      const run = world.start({
        input: { reboot: { method: "none" } },
        onEvent: (event, { state }) => {
          if (event.type !== "node-step-started" || event.step !== "drain" || mend) return;
          const moved = state.order.filter((name) => state.nodes[name]?.state.phase === "migrated");
          const [one, other] = moved;
          if (one && other) mend = drop(other, { from: one, longerThan });
        },
      });
      await run.until("the hold", (state) => /^traffic worker-\d → worker-\d, lost since/.test(held(state)), 150_000);
      const [one = "", other = "", third = "", fourth = ""] = run.state.order;
      const [broken] = run.state.broken;
      expect(broken).toMatchObject({ between: `${one} → ${other}`, path: "cilium-to-cilium" });
      expect(broken?.during).toMatch(new RegExp(`^${third}: `));
      expect(run.state.log.map(textOf).join("\n")).toMatch(`traffic ${one} → ${other} does not pass any more`);
      expect(run.state.nodes[third]?.state).toMatchObject({ phase: "migrating", step: "soak" });
      expect(run.state.nodes[fourth]?.state.phase).toBe("queued");
      expect(run.state.scores.find(({ path }) => path === "cilium-to-cilium")?.lost).toBeGreaterThanOrEqual(2);
      (mend as (() => void) | null)?.();
      await run.until("it to be mended", ({ broken: left }) => left.length === 0);
      await run.until("the fourth to be begun", ({ nodes }) => nodes[fourth]?.state.phase !== "queued", 60_000);
    },
  );
});
