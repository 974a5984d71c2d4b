import { expect, test } from "vitest";
import { workloadPlan } from "../../seed/workload-plan.ts";

test.each([0, 1, 2, 5, 7, 12, 100, 999, 2_000, 20_000])("%i pods are exactly that many", (pods) => {
  const plan = workloadPlan(pods);
  expect(plan.reduce((sum, { replicas }) => sum + replicas, 0)).toBe(pods);
  expect(new Set(plan.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(plan.length);
  expect(plan.every(({ replicas }) => replicas >= 1 && replicas <= 20)).toBe(true);
});

test("from seven pods on there is one of each difficulty: alone, in order, guarded", () => {
  const plan = workloadPlan(7);
  expect(plan.map(({ kind, name, replicas, budget }) => [kind, name, replicas, budget])).toEqual([
    ["Deployment", "admin", 1, undefined],
    ["StatefulSet", "db", 3, { maxUnavailable: 1 }],
    ["Deployment", "cart", 3, { minAvailable: 2 }],
  ]);
});
