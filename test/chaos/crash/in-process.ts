import type { EngineEvent } from "../../../src/engine/model/events.ts";
import type { Choice, World } from "../../support/lab/lab-run.ts";
import type { Launch } from "./killed-engines.ts";

/** The lease of an engine that is cut off in this process must look as if its process were gone. */
function buryLease({ lab: { store } }: World): void {
  const leases = "coordination.k8s.io/leases";
  if (store.get(leases, "crossfade", "engine") === undefined) return;
  store.change(leases, "crossfade", "engine", ({ metadata }) => {
    const [boot = "", namespace = ""] = (metadata.annotations?.["crossfade/process"] ?? "").split(" ");
    metadata.annotations = { ...metadata.annotations, "crossfade/process": `${boot} ${namespace} 4194303 1` };
  });
}

/** Engines in this process: one that is killed is cut off from its cluster first and ends unheard. */
export const inProcess =
  (world: World, choice: Choice): Launch =>
  async (port, number) => {
    const told: string[] = [];
    const cluster = await world.connect(port);
    const run = world.start({
      ...choice,
      cluster,
      holder: `tester@lab/${number}`,
      onEvent: (event: EngineEvent) => void told.push(JSON.stringify(event)),
    });
    let dead = false;
    const ended = run.end();
    ended.catch(() => undefined);
    return {
      told,
      ended: new Promise((resolve, reject) => {
        ended.then(
          (outcome) => dead || resolve(outcome),
          (thrown: unknown) => dead || reject(thrown as Error),
        );
      }),
      async kill() {
        dead = true;
        await cluster.close();
        run.engine.stop();
        await run.engine.ended.catch(() => undefined);
        buryLease(world);
      },
    };
  };
