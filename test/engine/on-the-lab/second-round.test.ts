import { afterEach, expect, test } from "vitest";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { restartMark } from "../../../src/engine/rounds/restart-mark.ts";
import { expectMigrated } from "../../support/lab/expect-migrated.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { type LabRun, World } from "../../support/lab/lab-run.ts";

let world: World;
afterEach(() => world.close());

const boots = () => Object.fromEntries([...world.lab.machines].map(([name, { bootId }]) => [name, bootId]));

function nodes() {
  return world.lab.store.list("nodes").map((node) => {
    const { metadata, spec } = node as unknown as {
      readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: { readonly unschedulable?: boolean };
    };
    return { name: metadata.name, cordoned: spec.unschedulable === true, mark: metadata.annotations?.[restartMark] };
  });
}

test("every node is restarted once more after the removal, also where an engine ends in between, and nothing is left of it", async () => {
  world = await World.make({ seed: 81 });
  let before = boots();
  let isRound = false;
  const input = { secondRound: true } as const;
  const cut = world.start({
    input,
    onEvent(event: EngineEvent, { engine }: LabRun) {
      if (event.type === "run-step-started" && event.step === "rounds/restart-nodes") {
        isRound = true;
        before = boots();
      }
      if (isRound && event.type === "log" && event.note.code === "reboot-asked") engine.stop();
    },
  });
  expect(await cut.end(100_000)).toBe("interrupted");
  expect(nodes().filter(({ mark }) => mark !== undefined)).toHaveLength(1);

  const run = world.start({ input });
  expect(await run.end(100_000)).toBe("migrated");
  const after = boots();
  for (const name of Object.keys(before)) expect(after[name], name).not.toBe(before[name]);
  for (const node of nodes()) expect(node).toEqual({ name: node.name, cordoned: false, mark: undefined });
  await expectMigrated(world, run);
  expect(new ClusterView(world.lab).podsAt("10.244.")).toEqual([]);
});
