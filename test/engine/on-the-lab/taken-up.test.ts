import { afterEach, expect, test } from "vitest";
import type { StepId } from "../../../src/engine/model/node-state.ts";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { textOf } from "../../support/log-line.ts";

let world: World;
afterEach(() => world.close());

/** An engine that ended when the first node had begun this step. */
async function endedAt(step: StepId, seed: number): Promise<string> {
  world = await World.make({ seed });
  const run = world.start({
    consents: ["nodes"],
    onEvent: (event, { engine }) => {
      if (event.type === "node-step-started" && event.step === step) engine.stop();
    },
  });
  expect(await run.end()).toBe("interrupted");
  return run.state.order.find((name) => run.nodeState(name)?.phase === "migrating") ?? "";
}

/** As long as a dead engine's lease is waited out: twice the time that a cordon may take. */
const leaseMs = 60_000;

const behindADeadLease = (ports: Ports): Ports => {
  const { lock, clock } = ports;
  return {
    ...ports,
    lock: {
      state: () => lock.state(),
      watched: () => lock.watched(),
      release: () => lock.release(),
      get lost() {
        return lock.lost;
      },
      async acquire(holder) {
        await clock.sleep(leaseMs, new AbortController().signal);
        return lock.acquire(holder);
      },
    },
  };
};

test("a run that is taken up says what it found, and the wait for a dead engine's lease counts against no step", async () => {
  const node = await endedAt("cordon", 61);
  const run = world.start({ around: behindADeadLease, consents: ["nodes"], attended: false });
  expect(await run.end()).toBe("waiting");
  expect(run.of("node-failed")).toEqual([]);
  expect(run.of("log").map(textOf)).toContain(
    `found: ${node} not cordoned, left by an engine that released the lease; going on at step cordon`,
  );
});

test("a run whose record somebody deleted is begun anew, and leaves no node cordoned that its engine cordoned", async () => {
  const node = await endedAt("enable-cilium", 62);
  const view = new ClusterView(world.lab);
  expect(view.cordoned).toEqual([node]);
  world.lab.store.delete("configmaps", "crossfade", "migration");
  const run = world.start({ cluster: await world.connect(), attended: false });
  expect(await run.end()).toBe("migrated");
  expect(run.of("log").map(textOf)).toContain(
    `${node} was left cordoned by an engine of an earlier run: it takes pods again`,
  );
  expect(view.cordoned).toEqual([]);
});
