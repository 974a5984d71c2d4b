import { isCordoned } from "crossfade-lab/scenarios/nodes/first-node.ts";
import { afterEach, expect, test } from "vitest";
import { ScenarioRun } from "../../../support/lab/scenario-run.ts";
import { textOf } from "../../../support/log-line.ts";
import { saidOf } from "../../../support/said.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

const logs = () => story.run.of("log").map(textOf);

test("a node that somebody uncordons is cordoned again and said so, and the run ends right", async () => {
  story = await ScenarioRun.start("uncordoned-in-mid-move");
  expect(await story.run.end()).toBe("migrated");
  expect(logs().filter((text) => text.startsWith("worker-1 was uncordoned while it ")).length).toBeGreaterThan(0);
  story.expectMigrated();
});

test("a cordon that something takes away for ever fails the node in its drain, still on its old network", async () => {
  const stuck = () =>
    story.world.lab.store.change("policy/poddisruptionbudgets", "shop", "cart", (copy) => {
      copy["spec"] = { ...(copy["spec"] as object), minAvailable: 3 };
    });
  story = await ScenarioRun.start("uncordoned-for-ever", {
    consents: ["nodes"],
    onEvent: (event) => void (event.type === "node-step-started" && event.step === "drain" && stuck()),
  });
  const { failure, step } = await story.fails("worker-1");
  expect({ step, code: failure.code }).toEqual({ step: "drain", code: "FOUGHT_OVER" });
  expect(saidOf(failure).message).toBe("something uncordons worker-1 again and again (5 times while it was drained)");
  await story.ask("rollback", "worker-1");
  await story.becomes("worker-1", "rolled-back");
  expect(story.cluster.activeFiles("worker-1")).toEqual(["10-flannel.conflist"]);
});

test("nodes that somebody else cordons stay so: one before its turn, one as soon as it was uncordoned", async () => {
  story = await ScenarioRun.start("cordoned-by-others", { setup: { nodes: 4 } });
  let uncordoned = 0;
  story.world.lab.store.subscribe("nodes", ({ object, old }) => {
    if (object.metadata.name === "worker-2" && old && isCordoned(old) && !isCordoned(object)) uncordoned += 1;
  });
  expect(await story.run.end(45_000)).toBe("migrated");
  story.expectMigrated(["control-plane-1", "worker-2"]);
  expect(story.run.of("node-step-finished").map(({ note }) => note)).toContain("left cordoned, as it was before");
  // Whether the engine sees the moment between the two or not: it takes its own cordon away once, and no other.
  expect(uncordoned).toBe(1);
});

test("GitOps that brings the old CNI back is named, the run does not end, and it ends right once that is off", async () => {
  story = await ScenarioRun.start("gitops-restores-source");
  const failed = () => Object.values(story.run.state.steps).find((step) => step.state === "failed");
  await story.run.until("the removal to fail", () => failed() !== undefined);
  expect(failed()).toMatchObject({
    failure: {
      code: "SOURCE_BACK",
      message:
        "Argo CD (flannel:apps/DaemonSet:kube-flannel/kube-flannel-ds) brings DaemonSet kube-flannel/kube-flannel-ds back after it was removed 3 times",
      remedy: "take the old CNI out of its source there (Argo CD, Flux, an installer), then press r to retry",
    },
  });
  story.world.lab.store.delete("configmaps", "argocd", "application");
  await story.run.ask({ request: "retry", node: null, by: "tester" });
  expect(await story.run.end()).toBe("migrated");
  story.expectMigrated();
});

test("GitOps that prunes the CiliumNodeConfig is told of, and no agent is restarted for ever", async () => {
  story = await ScenarioRun.start("gitops-prunes-node-config", { input: { retries: 0 }, consents: ["nodes"] });
  // A node whose agent reads the object before it is deleted passes: which node meets the third deletion is chance.
  const { node, failure } = await story.failsOneOf(["worker-1", "worker-2", "control-plane-1"]);
  expect(failure.code).toBe("FOUGHT_OVER");
  expect(saidOf(failure).message).toBe(
    "something deletes or changes CiliumNodeConfig kube-system/cilium-default again and again (3 times)",
  );
  story.world.lab.store.delete("configmaps", "argocd", "application");
  await story.ask("retry", node);
  await story.becomes(node, "migrated");
});
