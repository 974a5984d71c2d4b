import { nodeScenarios } from "crossfade-lab/scenarios/of-nodes.ts";
import type { NodeFailurePolicy } from "../../../src/engine/model/plan-types.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { type ChaosResult, nothingRun, type Size, together } from "../result.ts";
import { beyondUndo, causes, cordonedByOthers } from "./expected.ts";
import { Played, type Standing } from "./played.ts";

const policies: readonly NodeFailurePolicy[] = ["stop", "rollback", "skip"];
/** worker-1 is the first to be moved by it. */
const seed = 7;

const shortOnes: readonly (readonly [string, NodeFailurePolicy])[] = [
  ["node-back-same-boot", "rollback"],
  ["agent-crash-loops", "skip"],
  ["cordoned-by-others", "stop"],
];

const same = (one: readonly string[], other: readonly string[]) => one.toSorted().join() === other.toSorted().join();

/** What of the cluster is not as a migration must leave it. */
function notMigrated({ view }: Played, scenario: string): readonly string[] {
  const files = [...new Set(Object.values(view.confInCharge()))];
  const cordoned = cordonedByOthers[scenario] ?? [];
  return [
    same(files.map(String), ["05-cilium.conflist"]) ? "" : `CNI files in charge: ${files.join(", ")}`,
    same(view.cordoned, cordoned) ? "" : `cordoned: ${view.cordoned.join(", ")}`,
    view.labelled.length === 0 ? "" : `labelled: ${view.labelled.join(", ")}`,
    view.ours.length === 0 ? "" : `left of ours: ${view.ours.join(", ")}`,
    view.podsAt("10.244.").length === 0 ? "" : `old addresses: ${view.podsAt("10.244.").join(", ")}`,
    view.flannel.length === 0 ? "" : `left of Flannel: ${view.flannel.join(", ")}`,
    view.broken.length === 0 ? "" : `no traffic: ${view.broken.join("; ")}`,
  ].filter((text) => text !== "");
}

/** Whether it stands for nodes that are named, each with why: deferred ones, or such as failed and are out of the run. */
const namesNodes = ({ endedFor }: MigrationState): boolean =>
  endedFor?.code === "nodes-deferred" || (endedFor?.code === "nodes-not-migrated" && endedFor.params.failed.length > 0);

/** What is not as the policy promises where the run stands still: no forgotten cordon, no half-moved node without an answer. */
function notStanding({ view }: Played, { state, says }: Standing, scenario: string): readonly string[] {
  const nodeRecords = state.order.map((name) => ({ name, state: state.nodes[name]?.state }));
  const failed = nodeRecords.filter(({ state: nodeState }) => nodeState?.phase === "failed").map(({ name }) => name);
  const policy = state.plan?.options.onNodeFailure ?? "stop";
  const half = nodeRecords.filter(
    ({ state: nodeState }) => nodeState?.phase === "migrating" || nodeState?.phase === "rolling-back",
  );
  const aside = nodeRecords.filter(({ state: nodeState }) => nodeState?.phase === "deferred").map(({ name }) => name);
  const forgotten = view.cordoned.filter((name) => !failed.includes(name) && !aside.includes(name));
  return [
    causes[scenario]?.test(says) || namesNodes(state) ? "" : `it says: ${says}`,
    aside.length === 0 || (policy === "skip" && beyondUndo.has(scenario)) ? "" : `set aside: ${aside.join(", ")}`,
    half.length === 0 ? "" : `half-moved: ${half.map(({ name }) => name).join(", ")}`,
    forgotten.length === 0 ? "" : `cordoned and not failed: ${forgotten.join(", ")}`,
    policy === "stop" || failed.length === 0 || beyondUndo.has(scenario) ? "" : `not taken back: ${failed.join(", ")}`,
  ].filter((text) => text !== "");
}

async function playOne(scenario: string, policy: NodeFailurePolicy): Promise<ChaosResult> {
  const played = await Played.open(scenario, policy, seed);
  const one = { ...nothingRun, runs: 1, faults: 1 };
  const wrong = (whats: readonly string[]): ChaosResult => ({
    ...one,
    wrong: [{ what: `${scenario}, ${policy}: ${whats.join("; ")}`, seed, story: played.story() }],
  });
  try {
    const first = await played.run();
    const held = first.outcome !== "migrated";
    if (held && !(scenario in causes)) return wrong([`it stands: ${first.says}`]);
    const standing = held ? notStanding(played, first, scenario) : [];
    if (standing.length > 0) return wrong(standing);
    played.repair();
    const last = await played.toTheEnd(first);
    if (last.outcome !== "migrated") return wrong([`it did not end: ${last.says}`]);
    const end = notMigrated(played, scenario);
    if (end.length > 0) return wrong(end);
    return held ? { ...one, heldWithReason: 1 } : { ...one, endedRight: 1 };
  } catch (thrown) {
    return wrong([thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)]);
  } finally {
    await played.world.close();
  }
}

/** Every scenario of misbehaving nodes under every policy, by engines that nobody attends, to its documented end. */
export async function run(size: Size, tell: (line: string) => void): Promise<ChaosResult> {
  const all = nodeScenarios.flatMap(({ name }) => policies.map((policy) => [name, policy] as const));
  let result = nothingRun;
  for (const [scenario, policy] of size === "full" ? all : shortOnes) {
    const one = await playOne(scenario, policy);
    const how = one.wrong.length > 0 ? "WRONG" : one.heldWithReason > 0 ? "held, then ended right" : "ended right";
    tell(`${scenario}, ${policy}: ${how}`);
    result = together(result, one);
  }
  return result;
}
