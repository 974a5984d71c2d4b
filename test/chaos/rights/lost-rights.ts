import { CrossfadeError } from "../../../src/engine/model/errors.ts";
import type { KubeObject } from "../../../src/kube/objects/kube-object.ts";
import type { LabRun } from "../../support/lab/lab-run.ts";
import { applyObjects, printedObjects } from "../../support/lab/roles.ts";
import { type ChaosResult, nothingRun } from "../result.ts";
import { asOperator, type Cut, cutName, cutsOf, type OperatorsWorld, subject, without } from "./as-operator.ts";

/** Rights that an administrator takes away while a node moves, and whose loss must be told, not waited out in silence. */
const losses: readonly RegExp[] = [
  /^create pods\/eviction /,
  /^patch nodes /,
  /^get pods\/exec \(Role kube-system/,
  /^update configmaps /,
  /^list pods /,
];

const isTold = (event: object) => /is forbidden|does not let us/i.test(JSON.stringify(event));

/** Tells again and again what failed to go on, as the operator would by key. */
function retryFailed(run: LabRun): void {
  for (const [node, { state }] of Object.entries(run.state.nodes)) {
    if (state.phase === "failed") void run.engine.ask({ request: "retry", node, by: "tester" });
  }
}

/** Wall time on a machine that does much else. */
const patienceMs = 120_000;

interface Loss extends OperatorsWorld {
  readonly cut: Cut;
  readonly whole: readonly KubeObject[];
  readonly seed: number;
}

/** Where the record itself cannot be written the engine ends, in one sentence, and another one goes on from the cluster. */
const isRefusal = (thrown: unknown) => thrown instanceof CrossfadeError && thrown.code === "FORBIDDEN";

async function story({ world, cluster, cut, whole, seed }: Loss): Promise<ChaosResult> {
  const told: object[] = [];
  let taken = false;
  let ended: unknown = null;
  const run = world.start({
    cluster,
    onEvent(event) {
      if (taken && isTold(event)) told.push(event);
      if (event.type !== "node-step-started" || event.step !== "cordon" || taken) return;
      taken = true;
      void applyObjects(world.cluster.client, [without(cut)]);
    },
  });
  run.engine.ended.catch((thrown: unknown) => {
    ended = thrown;
  });
  await world.until(`the loss of ${cutName(cut)} to be told`, () => told.length > 0 || ended !== null, patienceMs);
  await applyObjects(world.cluster.client, whole);
  const again = setInterval(() => retryFailed(run), 200);
  const outcome = await run
    .end(patienceMs)
    .catch((thrown: Error) => {
      if (!isRefusal(thrown.cause)) throw thrown;
      return world.start({ cluster }).end(patienceMs);
    })
    .finally(() => clearInterval(again));
  const right = outcome === "migrated";
  const wrong = right ? [] : [{ what: `after ${cutName(cut)} was lost the run ended ${outcome}`, seed, story: "" }];
  return { ...nothingRun, runs: 1, faults: 1, heldWithReason: right ? 1 : 0, wrong };
}

export const lossCount = losses.length;

/** Takes one right away in mid-run, waits until the run says so, gives it back: the run must go on and end. */
export async function lostRight(index: number, tell: (line: string) => void): Promise<ChaosResult> {
  const seed = 40 + index;
  const whole = printedObjects("finalize", subject);
  const cut = cutsOf(whole).find((one) => losses[index]?.test(cutName(one)));
  if (cut === undefined) throw new Error(`no right is like ${losses[index]}`);
  const both = await asOperator("finalize", { seed });
  try {
    const result = await story({ ...both, cut, whole, seed });
    tell(`${cutName(cut)} lost in mid-run, told, given back`);
    return result;
  } finally {
    await both.world.close();
  }
}
