import { afterEach, expect, test } from "vitest";
import { World } from "../../support/lab-run.ts";
import { endState } from "./end-state.ts";
import { KilledEngines, type Killer } from "./killed-engines.ts";

let world: World;
afterEach(() => world.close());

test("engines that are killed at every write come to the same end as one that is not", async () => {
  world = await World.make({ seed: 41 });
  const calm = new KilledEngines(world, () => false);
  expect(await calm.toTheEnd(() => ({}))).toBe("migrated");
  const wanted = endState(world);
  console.log([...calm.seen].join("\n"), calm.seen.size);
  await world.close();
  world = await World.make({ seed: 41 });
  const killed = new Set<string>();
  const onceEach: Killer = (key, moment) => {
    const id = `${moment} ${key}`;
    if (killed.has(id)) return false;
    killed.add(id);
    return true;
  };
  const engines = new KilledEngines(world, onceEach);
  const t = performance.now();
  expect(await engines.toTheEnd(() => ({}))).toBe("migrated");
  console.log(engines.kills.length, engines.told.length, performance.now() - t);
  expect(endState(world)).toEqual(wanted);
  expect([...engines.acts.evicted.values()].filter((times) => times > 1)).toEqual([]);
  console.log([...engines.acts.boots].map(([n, b]) => `${n} ${b.size}`));
  console.log(
    "not killed",
    [...engines.seen].filter((k) => !killed.has(`before ${k}`) || !killed.has(`after ${k}`)),
  );
  console.log(
    "missed",
    [...calm.seen].filter((k) => !engines.seen.has(k)),
  );
}, 400_000);
