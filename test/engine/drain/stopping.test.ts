import { expect, test } from "vitest";
import { drainHold } from "../../../src/engine/drain/drain-hold.ts";
import type { Attempts } from "../../../src/engine/model/eviction-attempts.ts";
import type { PodFacts } from "../../../src/engine/model/facts.ts";
import { pod } from "../../support/pods.ts";
import { said } from "../../support/said.ts";

type Row = readonly [
  what: string,
  pods: readonly PodFacts[],
  look: { readonly now?: number; readonly ready?: boolean },
  told: readonly [because: string, clearedBy: string],
];

/** All evictions were accepted at 0. */
const accepted: Attempts = new Map(
  ["a", "b"].map((name) => [`uid-${name}`, { tries: 1, nextAt: 30_000, at: 0, answer: { kind: "accepted" } }]),
);

const stopping = (name: string, change: Partial<PodFacts> = {}) =>
  pod(name, { terminatingAt: 30_000, deletionGraceSeconds: 30, ...change });
const held = { finalizers: ["example.com/archive", "batch.kubernetes.io/job-tracking"] };

test.each<Row>([
  ["a pod within its grace", [stopping("a")], {}, ["1 pod to leave: default/a", "the pods stopping"]],
  [
    "one that may take long",
    [stopping("a", { terminationGraceSeconds: 120 })],
    {},
    ["1 pod to leave: default/a (may take 120 s to stop)", "the pods stopping"],
  ],
  [
    "one with a finalizer, within its grace",
    [stopping("a", held)],
    {},
    ["1 pod to leave: default/a", "the pods stopping"],
  ],
  [
    "one that its finalizer keeps",
    [stopping("b"), stopping("a", { ...held, deletionGraceSeconds: 0 })],
    {},
    [
      "default/a, which is deleted but kept by its finalizer example.com/archive",
      "the controller that set it; by hand: kubectl -n default edit pod a",
    ],
  ],
  [
    "one whose Job will let it go",
    [stopping("a", { finalizers: ["batch.kubernetes.io/job-tracking"] })],
    { now: 36_000 },
    [
      "default/a, whose grace period of 30 s is over",
      "the kubelet of worker-1; kubectl -n default describe pod a says more",
    ],
  ],
  [
    "one on a node whose kubelet is silent",
    [pod("b"), stopping("a", held)],
    { ready: false },
    [
      "default/a, whose end cannot be observed: the kubelet of worker-1 is silent",
      "that kubelet; once worker-1 is surely off: kubectl -n default delete pod a --force",
    ],
  ],
])("%s", (_what, pods, { now = 1_000, ready = true }, [because, clearedBy]) => {
  expect(said(drainHold(pods, [], accepted, { now, node: "worker-1", ready }))).toMatchObject({ because, clearedBy });
});
