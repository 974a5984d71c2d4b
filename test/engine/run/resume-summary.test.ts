import { expect, test } from "vitest";
import type { Before } from "../../../src/engine/model/node-state.ts";
import type { LockState } from "../../../src/engine/model/ports/lock.ts";
import { nodeRecordOf, recordOf } from "../../../src/engine/run/recording.ts";
import { foundNote, type ResumeSummary } from "../../../src/engine/run/resume-summary.ts";
import { lines } from "../../../src/words/audience.ts";
import { noteWords } from "../../../src/words/notes/note-words.ts";
import { aNode } from "../../support/facts.ts";
import { type RunStory, run } from "../../support/panel/run-state.ts";

const at = 1_000_000;
const dead: LockState = {
  holder: "root@laptop/4711",
  since: 0,
  renewedAt: at - 130_000,
  mine: false,
  expired: true,
  stoodStill: true,
  version: "1",
};
const before: Before = { at: 0, cordoned: false, bootId: "boot-worker-1", cniFiles: [], agentUid: "u" };

function found(story: RunStory, seen: Partial<ResumeSummary> = {}, remembered: Before | null = null): ResumeSummary {
  const record = recordOf(story.state);
  const nodeRecords = Object.fromEntries(
    Object.values(story.state.nodes)
      .filter(({ state }) => state.phase !== "queued")
      .map((node) => {
        const state = nodeRecordOf(node, story.state);
        return [
          node.name,
          "before" in state.state ? { ...state, state: { ...state.state, before: remembered } } : state,
        ];
      }),
  );
  const nodes = story.state.order.map((name) => aNode(name));
  return { record, nodeRecords, lock: dead, nodes, podsToLeave: null, release: null, at, ...seen };
}

const ready = () => run("worker-1", "worker-2").ready().begun("nodes");
const cordoned = aNode("worker-1", { cordoned: true });
const who = "left by an engine last heard of 2m10s ago (root@laptop/4711)";

test.each<readonly [string, ResumeSummary, string]>([
  [
    "in the middle of a drain",
    found(ready().at("worker-1", "drain"), { nodes: [cordoned], podsToLeave: 3 }),
    `found: worker-1 cordoned, half drained, 3 pods still to leave, ${who}; going on at step drain`,
  ],
  [
    "drained, and the engine died before it could say so",
    found(ready().at("worker-1", "drain"), { nodes: [cordoned], podsToLeave: 0 }),
    `found: worker-1 cordoned, drained, ${who}; going on at step drain`,
  ],
  [
    "a cordon that was recorded and never asked for",
    found(ready().at("worker-1", "cordon")),
    `found: worker-1 not cordoned, ${who}; going on at step cordon`,
  ],
  [
    "rebooted behind the engine's back",
    found(
      ready().at("worker-1", "reboot"),
      { nodes: [aNode("worker-1", { cordoned: true, ready: false, bootId: "another" })], podsToLeave: 1 },
      before,
    ),
    `found: worker-1 cordoned, rebooted since, not Ready, 1 pod still to leave, ${who}; going on at step reboot`,
  ],
  [
    "a node that is gone",
    found(ready().at("worker-1", "reboot"), { nodes: [aNode("worker-2")] }),
    `found: worker-1 gone from the cluster, ${who}; going on at step reboot`,
  ],
  [
    "on a node's way back",
    found(ready().migrated("worker-1").rollingBack("worker-1", "rollback-agent"), { nodes: [cordoned] }),
    `found: worker-1 cordoned, being rolled back, ${who}; going on at step rollback-agent`,
  ],
  [
    "with a node set aside",
    found(ready().failed("worker-1", "reboot").rollingBack("worker-1", "rollback-cordon").deferred("worker-1")),
    `found: 0 of 2 nodes migrated and worker-1 deferred in its rollback, ${who}; rolling worker-1 back`,
  ],
  [
    "in the middle of an installation",
    found(run("worker-1").consented("nodes").finished("prepare").begun("install"), { release: "pending-install" }),
    `found: step install begun and not done, its Helm release pending-install, ${who}; going on with step install`,
  ],
  [
    "between two nodes, given back",
    found(ready().migrated("worker-1"), { lock: null }),
    "found: 1 of 2 nodes migrated and none in the middle of a move, left by an engine that released the lease; going on with worker-2",
  ],
  [
    "waiting for a consent",
    found(ready().migrated("worker-1", "worker-2").finished("nodes")),
    `found: 2 of 2 nodes migrated and none in the middle of a move, ${who}; it waits for the consent "finalize"`,
  ],
  [
    "a clock that is behind the dead engine's",
    found(ready().at("worker-1", "precheck"), { lock: { ...dead, renewedAt: at + 5_000 } }),
    "found: worker-1 not cordoned, left by an engine last heard of 0s ago (root@laptop/4711); going on at step precheck",
  ],
])("who takes a run up says what is found and where it goes on: %s", (_where, seen, sentence) => {
  expect(noteWords(foundNote(seen), lines)).toBe(sentence);
});
