import { CrossfadeError } from "../model/errors.ts";
import { note } from "../model/notes/note.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { reason } from "../model/reason.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { nothingToEnforce, policiesNow, wantedMode } from "../observe/policies/enforcement.ts";
import { nodesByAddress } from "../observe/policies/node-addresses.ts";
import { type DropsSeen, watchDrops, watchedMs } from "../observe/policies/policy-drops.ts";
import { namespaceLabels } from "../policies/namespace-labels.ts";
import {
  connectionOf,
  isExplained,
  type Refusal,
  type Refusals,
  type RefusalWorld,
  refusalsOf,
} from "../policies/refused.ts";

/** Lines that a reason or a note names; the rest are a number. */
const mostTold = 10;
const seconds = watchedMs / 1_000;

interface Watch {
  begun: boolean;
  result: { readonly seen: DropsSeen } | { readonly thrown: unknown } | null;
}

const watch = remembered((): Watch => ({ begun: false, result: null }));

/** Goes on beside the run, which takes requests meanwhile. */
function begin(scope: RunScope, into: Watch): void {
  into.begun = true;
  watchDrops(scope).then(
    (seen) => {
      into.result = { seen };
    },
    (thrown: unknown) => {
      into.result = { thrown };
    },
  );
}

async function world({ ports, plan }: RunScope): Promise<RefusalWorld> {
  return {
    ...(await policiesNow({ ports })),
    namespaces: namespaceLabels(await ports.objects.all({ apiVersion: "v1", kind: "Namespace" })),
    pods: await ports.pods.list(),
    nodes: Object.fromEntries(await nodesByAddress(ports)),
    mode: wantedMode(plan),
  };
}

const told = (refusals: readonly Refusal[]) => ({
  connections: refusals
    .slice(0, mostTold)
    .map((one) => (one.by.length === 0 ? connectionOf(one) : `${connectionOf(one)} (${one.by.join(", ")})`)),
  more: Math.max(0, refusals.length - mostTold),
});

const nothing: Refusals = { judged: [], gone: 0 };

async function judge(scope: RunScope, { verdicts, unheard }: DropsSeen): Promise<Observation> {
  const { judged, gone } = verdicts.length === 0 ? nothing : refusalsOf(verdicts, await world(scope));
  const explained = judged.filter(isExplained);
  const other = judged.filter((one) => !isExplained(one));
  if (explained.length > 0)
    scope.log("info", note("policy-drops-explained", { count: explained.length, seconds, gone, ...told(explained) }));
  if (other.length === 0 && unheard.length === 0) {
    if (explained.length === 0) scope.log("info", note("no-policy-drops", { seconds, gone }));
    return done;
  }
  const although = [...new Set(other.flatMap((one) => one.although))].slice(0, mostTold);
  const why = reason(
    "drops-unexplained",
    { count: other.length, seconds, although, unheard: unheard.slice(0, mostTold), ...told(other) },
    { clearedBy: "person", actions: ["consent", "retry", "rollback-all"] },
  );
  throw new CrossfadeError("POLICY_DROPS", why);
}

/**
 * Looks at what policies refuse now that they are in force. Refusals that the policies of this cluster explain are told; any other one
 * holds the run, while all can still be rolled back.
 */
export const watchPolicyDrops: RunStep = {
  id: "watch-drops",
  timeoutMs: 60 * 60_000,
  overruled: { code: "POLICY_DROPS", by: "policy-drops" },
  async observe(scope) {
    if (scope.consented("policy-drops")) {
      scope.log("warning", note("drops-consented", {}));
      return done;
    }
    const mine = scope.memory.of(watch);
    if (!mine.begun && (await nothingToEnforce(scope))) return done;
    if (!mine.begun) begin(scope, mine);
    const { result } = mine;
    if (result === null) return { ...waiting("drops-watched", { seconds }, { clearedBy: "time" }), dueInMs: 1_000 };
    if ("seen" in result) return judge(scope, result.seen);
    mine.begun = false;
    mine.result = null;
    throw result.thrown;
  },
  async apply() {
    // Looking is all there is to it.
  },
  rollback: "nothing-to-roll-back",
};
