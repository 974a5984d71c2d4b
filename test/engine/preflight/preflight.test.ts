import { expect, test } from "vitest";
import type { Code } from "../../../src/engine/model/reason.ts";
import { byCheck, type CheckId, checkIds } from "../../../src/engine/model/reasons/findings.ts";
import { checksOf } from "../../../src/engine/preflight/preflight.ts";
import { flannel } from "../../../src/engine/sources/flannel/flannel.ts";
import { cpuMs, growsLinearly } from "../../support/cpu-ms.ts";
import { aBudget, aCluster, aFlannelCluster, aNode, aPod, aRelease, type ClusterBuilder } from "../../support/facts.ts";
import { aPolicy } from "../../support/policies.ts";
import { calicoRows } from "./calico-rows.ts";
import { ciliumRows } from "./cilium-rows.ts";
import { distributionsRows } from "./distributions-rows.ts";
import { closed, guarded, healthy, judge, verdictOf, withPod } from "./judging.ts";
import { networkRows } from "./network-rows.ts";
import { nodesRows } from "./nodes-rows.ts";
import { ownerRows } from "./owner-rows.ts";
import { sourceRows } from "./source-rows.ts";
import { workloadsRows } from "./workloads-rows.ts";

const checks = checksOf(flannel);
const rows = [
  ...networkRows,
  ...ciliumRows,
  ...nodesRows,
  ...workloadsRows,
  ...ownerRows,
  ...distributionsRows,
  ...sourceRows,
  ...calicoRows,
];

test.each(rows)("%s is %s: %s", (...[check, level, _when, build, over, ofSource]) => {
  const result = verdictOf(build(), check, over, ofSource);
  expect(result, result.message).toMatchObject({ check, level });
  if (level === "ok") expect(result.remedy).toBe("");
  else expect(result.remedy.length).toBeGreaterThan(3);
  expect(result.message).toMatch(/^[-A-Z"0-9a-z]/);
  expect(result.message).not.toMatch(/undefined|NaN|\[object|\.$/);
});

test("policies are named, and no more of them than one reads", () => {
  const names = ["web", "db", "cache", "queue", "mail"];
  const facts = healthy().with({
    policies: { "networkpolicies.networking.k8s.io": names.length },
    sourceObjects: { "networkpolicies.networking.k8s.io": names.map((name) => aPolicy("shop", name, {})) },
  });
  const { message } = verdictOf(facts, "network-policies");
  expect(message).toContain(
    "5 policies (5 networkpolicies.networking.k8s.io), shop/web, shop/db, shop/cache and 2 more, that Flannel",
  );
});

test("every check is shown content and not content", () => {
  const levels = new Map<string, Set<string>>();
  for (const [check, level] of rows) levels.set(check, (levels.get(check) ?? new Set()).add(level));
  for (const { id } of checks) {
    expect(levels.get(id)?.has("ok"), `${id} is never ok`).toBe(true);
    expect(levels.get(id)?.size, `${id} has one answer`).toBeGreaterThan(1);
  }
});

/** Found where the plan is made, and told apart there. */
const ofPlans: readonly CheckId[] = ["chart", "why-in-place", "user-values"];

test("every code of a check is what a row finds", () => {
  const found = new Set(
    rows.map(([check, , , build, over, ofSource]) => verdictOf(build(), check, over, ofSource).reason?.code),
  );
  const codes = checkIds.filter((id) => !ofPlans.includes(id)).flatMap((id) => Object.keys(byCheck[id]));
  expect(codes.filter((code) => !found.has(code as Code))).toEqual([]);
});

test("a check that is content without a fact has words for that", () => {
  for (const [check, , when, build, over, ofSource] of rows)
    expect(verdictOf(build(), check, over, ofSource).message, `${check}: ${when}`).not.toBe("");
});

test("nothing but the one control plane and the missing backup is held against a healthy cluster", () => {
  expect(
    judge(aFlannelCluster())
      .filter(({ level }) => level !== "ok")
      .map(({ check }) => check),
  ).toEqual(["backup", "control-planes"]);
});

test("ids are words apart", () => {
  const ids = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test("a result names its objects, but never so many that the record outgrows its object", () => {
  const pods = Array.from({ length: 2_000 }, (_, index) => aPod("default", `bare-${index}`, { owner: null }));
  const { objects, message } = verdictOf(aFlannelCluster().withPods(...pods), "bare-pods");
  expect(objects).toHaveLength(51);
  expect(objects.at(-1)).toBe("and 1950 more");
  expect(message).toContain("2000 pods");
});

test("the sentences say which object, how much, and what to do", () => {
  expect(verdictOf(guarded(closed), "budgets-blocked").message).toContain("default/web (needs 3 of 3 healthy, has 3)");
  expect(verdictOf(withPod({ emptyDirs: ["cache"] }), "empty-dirs").remedy).toContain("--delete-emptydir-data");
  expect(verdictOf(withPod({ owner: null }), "bare-pods").remedy).toContain("--delete-bare-pods");
  expect(verdictOf(healthy(), "tunnel-clash", { tunnelPort: 8472 }).remedy).toContain("--tunnel-port 8473");
  const pending = healthy().with({ helmReleases: [aRelease({ status: "pending-upgrade", revision: 3 })] });
  expect(verdictOf(pending, "helm-release").remedy).toContain("helm rollback cilium 2 -n kube-system");
  const newer = healthy().with({ kubernetesVersion: "v1.35.0" });
  expect(verdictOf(newer, "version-matrix").remedy).toContain("--cilium-version 1.20.x");
});

function crowded(nodes: number): ClusterBuilder {
  const many = Array.from({ length: nodes }, (_, index) =>
    aNode(`worker-${index}`, { internalIps: [`172.20.${index >> 8}.${index & 255}`], podCidrs: [] }),
  );
  const crowd = Array.from({ length: 10 * nodes }, (_, index) =>
    aPod("default", `p-${index}`, {
      node: `worker-${index % nodes}`,
      ips: [`10.244.${index >> 8}.${index & 255}`],
      labels: { app: `a${index % 500}` },
    }),
  );
  const budgets = Array.from({ length: 200 }, (_, index) =>
    aBudget(`b-${index}`, { selector: { matchLabels: { app: `a${index}` } } }),
  );
  return aCluster()
    .with({ nodes: many })
    .withFlannel({ Network: "10.244.0.0/14", Backend: { Type: "vxlan" } })
    .withKubeProxy()
    .withPods(...crowd)
    .withBudgets(...budgets);
}

test("a cluster of 5,000 nodes and 50,000 pods takes ten times as long as one of 500", () => {
  const [small, large] = [crowded(500), crowded(5_000)];
  const tenth = cpuMs(() => judge(small));
  const whole = cpuMs(() => expect(judge(large).length).toBe(checks.length));
  expect(growsLinearly(tenth, whole), `${tenth} ms for 500, ${whole} ms for 5,000`).toBe(true);
});

test("taints that keep the operator away are named, with the version that does not bear them", () => {
  const taints = [{ key: "dedicated", value: "apps", effect: "NoSchedule" }];
  expect(verdictOf(healthy().changeNodes({ taints }), "cilium-places")).toMatchObject({
    message:
      "The operator of Cilium 1.18.12 fits on no node, because of dedicated=apps:NoSchedule: no agent starts without it",
    remedy: "set operator.tolerations in your values file (--helm-values FILE), or remove the taint from two nodes",
  });
});
