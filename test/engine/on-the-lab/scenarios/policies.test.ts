import type { KubeObject } from "crossfade-lab/objects.ts";
import { afterEach, expect, test } from "vitest";
import type { Reason } from "../../../../src/engine/model/reason.ts";
import { ScenarioRun } from "../../../support/lab/scenario-run.ts";
import { said, saidOf } from "../../../support/said.ts";

let story: ScenarioRun;
afterEach(() => story.world.close());

test("workloads under NetworkPolicies are moved like any other", async () => {
  story = await ScenarioRun.start("network-policies");
  expect(await story.run.end(60_000)).toBe("migrated");
  story.expectMigrated();
});

test("a tunnel that a host policy drops fails the node before it is uncordoned, and it goes on once that is gone", async () => {
  story = await ScenarioRun.start("tunnel-dropped", { consents: ["nodes"], input: { retries: 0 } });
  const { failure } = await story.fails("worker-1");
  expect(saidOf(failure).message).toMatch(/"verify" on worker-1 still waits for traffic to pass: \S+ → worker-1/);
  expect(story.cluster.cordoned).toEqual(["worker-1"]);
  story.world.lab.machines.get("worker-1")?.drops.clear();
  await story.ask("retry", "worker-1");
  await story.becomes("worker-1", "migrated");
});

test("settings of the old CNI that it does not need may be undone", async () => {
  story = await ScenarioRun.start("source-settings-undone");
  expect(await story.run.end(60_000)).toBe("migrated");
  story.expectMigrated();
});

interface Daemon extends KubeObject {
  spec: { template: { spec: { containers: { name: string; env: { name: string; value?: string }[] }[] } } };
}

/** What the remedy says: the variable again, in the daemon's container. */
function putRight(): void {
  story.world.lab.store.change<Daemon>("apps/daemonsets", "kube-system", "calico-node", (daemon) => {
    for (const { env } of daemon.spec.template.spec.containers)
      env.push({ name: "IP_AUTODETECTION_METHOD", value: "kubernetes-internal-ip" });
  });
}

test("address detection that is set back in mid-run is named with its fix before the next node is touched", async () => {
  story = await ScenarioRun.start("source-settings-undone", {
    attended: true,
    input: { reboot: { method: "none" } },
    setup: { source: "calico-manifest", speed: 40 },
  });
  const { run, cluster } = story;
  const holds = () => [run.state.hold, ...Object.values(run.state.nodes).map(({ hold }) => hold)];
  const undone = () => holds().find((hold) => hold?.reason.code === "source-setting-undone")?.reason;
  await run.until("the setting to be named", () => undone() !== undefined);
  expect(said({ done: false, reason: undone() as Reason })).toMatchObject({
    because: expect.stringMatching(
      /^DaemonSet kube-system\/calico-node to have IP_AUTODETECTION_METHOD: kubernetes-internal-ip again, and it is not set any more/,
    ),
    remedy: expect.stringContaining(
      "kubectl -n kube-system set env daemonset/calico-node -c calico-node IP_AUTODETECTION_METHOD=kubernetes-internal-ip",
    ),
  });
  // The canary; another may have been begun, with nothing done to it.
  const touched = cluster.labelled;
  expect(touched).toHaveLength(1);
  expect(cluster.cordoned.filter((name) => !touched.includes(name))).toEqual([]);
  putRight();
  await run.until("the next node to be begun", () => cluster.cordoned.some((name) => !touched.includes(name)));
});

const calicoKinds = ["apps/daemonsets", "apps/deployments", "configmaps", "serviceaccounts"];
const calicoRoles = ["clusterroles", "clusterrolebindings"].map((kind) => `rbac.authorization.k8s.io/${kind}`);

/** All that Calico's manifest brought, by kind and name. */
const ofCalico = () =>
  [...calicoKinds, ...calicoRoles, "apiextensions.k8s.io/customresourcedefinitions"].flatMap((kind) =>
    story.world.lab.store
      .list(kind)
      .filter(({ metadata }) => metadata.name.includes("calico"))
      .map(({ metadata }) => `${kind} ${metadata.name}`),
  );

function scaleOperator(replicas: number): void {
  story.world.lab.store.change("apps/deployments", "kube-system", "cilium-operator", (copy) => {
    copy["spec"] = { ...(copy["spec"] as object), replicas };
  });
}

test("nothing of Calico is removed while Cilium's operator is at 0: it is named, and once it is back the run ends", async () => {
  story = await ScenarioRun.start("operator-away-in-removal", { setup: { source: "calico-manifest", speed: 40 } });
  const whole = ofCalico();
  expect(whole.length).toBeGreaterThan(20);
  const { run } = story;
  await run.until("the operator to be waited for", ({ hold }) => hold?.reason.code === "operator-not-ready", 150_000);
  const { clock } = story.world.lab;
  const since = clock.now();
  await story.world.until("a minute to pass", () => clock.now() - since > 60_000);
  expect(ofCalico()).toEqual(whole);
  scaleOperator(1);
  expect(await run.end(150_000)).toBe("migrated");
  expect(ofCalico()).toEqual([]);
  for (const node of story.world.lab.store.list("nodes")) {
    expect(JSON.stringify(node["spec"])).not.toContain("network-unavailable");
    expect(JSON.stringify(node["status"])).toContain("CiliumIsUp");
  }
});
