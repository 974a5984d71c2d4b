import type { KubeObject } from "crossfade-lab/objects.ts";
import { afterEach, expect, test } from "vitest";
import type { Ports } from "../../../src/engine/model/ports/ports.ts";
import { askRunner } from "../../../src/runner/ask-runner.ts";
import { World } from "../../support/lab/lab-run.ts";

let world: World;
afterEach(() => world.close());

const { signal } = new AbortController();

/** Another terminal, with a connection of its own. */
async function withRunner(): Promise<{
  ports: Ports;
  ask: (what: "pause" | "resume" | "release-run") => ReturnType<typeof askRunner>;
}> {
  const ports = world.ports(await world.connect());
  return { ports, ask: (ask) => askRunner(ports, { ask, by: "bob@there", waitMs: 10_000, signal }) };
}

test("a pause asked for from elsewhere is taken while helm is at work, and a second one is refused with the reason", async () => {
  world = await World.make({ seed: 61 });
  const helm = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const run = world.start({
    around: (ports) => ({
      ...ports,
      installer: new Proxy(ports.installer, {
        get: (target, name) =>
          name === "apply"
            ? async (...given: Parameters<typeof target.apply>) => {
                begun.resolve();
                await helm.promise;
                return target.apply(...given);
              }
            : Reflect.get(target, name).bind(target),
      }),
    }),
  });
  await begun.promise;
  const { ports, ask } = await withRunner();
  expect(await ask("pause")).toMatchObject({ refused: null, by: "tester@lab/1" });
  expect(run.state.pace).toBe("pausing");
  expect((await ports.records.run())?.paused).toBe(true);
  expect(await ask("pause")).toMatchObject({ refused: { code: "pausing-already" } });
  helm.resolve();
  await run.until("the pause", ({ pace }) => pace === "paused");
  expect(await ask("resume")).toMatchObject({ refused: null });
  await run.until("the first node", ({ nodes }) =>
    Object.values(nodes).some(({ state }) => state.phase === "migrating"),
  );
});

test("the runner publishes why it waits, hands the run over on request, and takes all of it away at the end", async () => {
  world = await World.make({ seed: 62 });
  const run = world.start({ holder: "ann@lab/1" });
  await run.until("the first node", ({ nodes }) =>
    Object.values(nodes).some(({ state }) => state.phase === "migrating"),
  );
  const { ports, ask } = await withRunner();
  await world.until("news of it", () => published(world)?.includes('"holder":"ann@lab/1"') === true);
  expect(await ask("release-run")).toMatchObject({ refused: null });
  expect(await run.end()).toBe("released");
  expect(await ports.lock.state()).toBeNull();
  expect(run.state.endedFor).toMatchObject({
    code: "lease-released",
    params: { to: expect.stringContaining("bob@there") },
  });

  const next = world.start({ cluster: await world.connect(), holder: "bob@there/2" });
  expect(await next.end()).toBe("migrated");
  expect(published(world)).toBeUndefined();
});

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

function published({ lab }: World): string | undefined {
  try {
    return lab.store.get<ConfigMap>("configmaps", "crossfade", "observers")?.data?.news;
  } catch {
    return undefined;
  }
}
