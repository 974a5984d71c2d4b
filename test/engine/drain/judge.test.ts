import { describe, expect, test } from "vitest";
import { drainRefused, judgeDrain } from "../../../src/engine/drain/judge.ts";
import type { PodFacts } from "../../../src/engine/model/facts.ts";
import { ofDaemonSet, pod, workload } from "../../support/pods.ts";
import { saidOf } from "../../support/said.ts";

const strict = { deleteEmptyDirData: false, deleteBarePods: false };
const lenient = { deleteEmptyDirData: true, deleteBarePods: true };
const sets = [workload("DaemonSet", "exporter")];

const result = (one: PodFacts, policy = strict): string => {
  const { leave, refusals } = judgeDrain([one], sets, policy);
  if (refusals.length > 0) return `refused: ${refusals[0]?.why}`;
  return leave.length > 0 ? "leaves" : "stays";
};

describe("what a drain does with a pod", () => {
  const rows: readonly (readonly [string, PodFacts, string, typeof strict?])[] = [
    ["a ReplicaSet's pod leaves", pod("web"), "leaves"],
    ["a DaemonSet's pod stays", ofDaemonSet("exporter-x", "exporter"), "stays"],
    ["a finished DaemonSet pod leaves", ofDaemonSet("exporter-x", "exporter", { phase: "Failed" }), "leaves"],
    ["a pod of a DaemonSet that is gone refuses", ofDaemonSet("orphan", "gone"), "refused: daemonset-gone"],
    ["with force it leaves", ofDaemonSet("orphan", "gone"), "leaves", lenient],
    [
      "a DaemonSet of another API group is not a DaemonSet",
      ofDaemonSet("x", "exporter", {
        owner: { kind: "DaemonSet", apiVersion: "apps.example/v1", name: "exporter", uid: "u" },
      }),
      "leaves",
    ],
    [
      "a static pod stays",
      pod("etcd", { mirror: true, owner: { kind: "Node", apiVersion: "v1", name: "n", uid: "n" } }),
      "stays",
    ],
    ["a pod with emptyDir refuses", pod("cache", { emptyDirs: ["tmp"] }), "refused: emptydir"],
    ["with the option it leaves", pod("cache", { emptyDirs: ["tmp"] }), "leaves", lenient],
    ["a finished pod with emptyDir leaves", pod("job", { emptyDirs: ["tmp"], phase: "Succeeded" }), "leaves"],
    ["a bare pod refuses", pod("debug", { owner: null }), "refused: no-controller"],
    ["a finished bare pod leaves", pod("debug", { owner: null, phase: "Succeeded" }), "leaves"],
    ["with force it leaves too", pod("debug", { owner: null }), "leaves", lenient],
    [
      "an emptyDir of a DaemonSet's pod is nobody's business",
      ofDaemonSet("exporter-y", "exporter", { emptyDirs: ["tmp"] }),
      "stays",
    ],
    ["a terminating pod is still waited for", pod("web", { terminatingAt: 1 }), "leaves"],
  ];

  test.each(rows.map((row) => [row[0], row] as const))("%s", (_sentence, [, one, expected, policy]) => {
    expect(result(one, policy ?? strict)).toBe(expected);
  });

  test("all refusals are reported at once, with every option that lifts them", () => {
    const { refusals } = judgeDrain(
      [pod("web"), pod("debug", { owner: null }), pod("cache", { emptyDirs: ["tmp"] })],
      sets,
      strict,
    );
    expect(saidOf(drainRefused("worker-1", refusals)).message).toBe(
      "worker-1 cannot be drained: default/debug: it has no controller, so nothing would bring it back; default/cache: it keeps data in emptyDir tmp",
    );
    expect(saidOf(drainRefused("worker-1", refusals)).remedy).toContain("--delete-bare-pods --delete-emptydir-data");
  });
});
