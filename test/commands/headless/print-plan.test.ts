import { expect, test } from "vitest";
import { hanging } from "../../../src/commands/headless/plain-text.ts";
import { printPlan } from "../../../src/commands/headless/print-plan.ts";
import { makePlan } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput, type PlanInput } from "../../../src/engine/plan/plan-input.ts";
import { unicodeGlyphs } from "../../../src/store/text/glyphs.ts";
import { textOf } from "../../../src/store/text/line.ts";
import { planLines } from "../../../src/store/views/plan-lines.ts";
import { aChart } from "../../support/a-chart.ts";
import { aService } from "../../support/a-service.ts";
import { aCalicoCluster } from "../../support/calico.ts";
import { aFlannelCluster, aPod, aWorkload, type ClusterBuilder } from "../../support/facts.ts";

const images = { images: [{ image: "quay.io/cilium/cilium:v1.18.12", for: ["Cilium"] }], imagesNotListed: null };
const deps = { chart: aChart, now: () => 1, hash: () => "f".repeat(64) };

function printed(cluster: ClusterBuilder, columns = 80, over: Partial<PlanInput> = {}): string[] {
  return printPlan(makePlan(cluster.facts, { ...defaultPlanInput, ...over }, deps), images, columns);
}

const bare = aFlannelCluster().withPods(aPod("default", "alone", { owner: null }), aPod("default", "web-1"));
const longNames = aFlannelCluster().changeNode("worker-1", {
  name: "ip-10-0-34-211.eu-central-1.compute.internal.example.com",
});

test.each([
  [80, bare],
  [80, longNames],
  [100, bare],
  [60, longNames],
] as const)("no line is wider than %i columns", (columns, cluster) => {
  for (const line of printed(cluster, columns)) {
    if (/^ +\d+ {2}/.test(line)) expect(line.length).toBeLessThanOrEqual(Math.max(columns, 75));
    else expect(line.length, line).toBeLessThanOrEqual(columns);
    expect(line).toBe(line.trimEnd());
  }
});

test("the sections come in the order in which they are read", () => {
  const heads = printed(bare).filter((line) => /^[A-Z]/.test(line));
  expect(heads.map((line) => line.split(/[:,(]/)[0]?.trim())).toEqual([
    "Plan of the migration",
    "Why node by node",
    "Preflight",
    "Nodes",
    "Values that change at the end",
    "Planned changes",
    "Images that the nodes pull",
    "Point of no return",
  ]);
});

test("blockers come before warnings, each with what to do", () => {
  const lines = printed(bare);
  const blocker = lines.findIndex((line) => line.startsWith("  BLOCKER"));
  const warning = lines.findIndex((line) => line.startsWith("  WARNING"));
  expect(blocker).toBeGreaterThan(0);
  expect(warning).toBeGreaterThan(blocker);
  expect(lines[blocker]).toContain("1 pod has no controller");
  expect(lines.slice(blocker, warning).join(" ")).toContain("--delete-bare-pods");
  expect(lines.join("\n")).toContain("Preflight: 1 blocker, ");
});

test("within which range pods keep their IPs is said where one covers both networks, and only there", () => {
  const words = "pods keep their IPs within 10.244.0.0/15";
  const text = (cluster: ClusterBuilder) => printed(cluster, 200).join("\n");
  expect(text(aCalicoCluster())).toContain(words);
  expect(text(aFlannelCluster())).not.toContain("keep their IPs");
  const plan = makePlan(aCalicoCluster().facts, defaultPlanInput, deps);
  expect(planLines(plan, unicodeGlyphs, 80).map(textOf).join("\n")).toContain(words);
});

test("what is moved, from where to where, and how long it takes", () => {
  const text = printed(aFlannelCluster()).join("\n");
  for (const words of [
    "Flannel 0.28.9: 10.244.0.0/16 (vxlan, UDP 8472, VNI 1)",
    "Cilium 1.18.12: 10.245.0.0/16, a /24 each (vxlan, UDP 8473)",
    "10.96.0.0/16",
    "cni.customConf: true -> false",
    'policyEnforcementMode: "never" -> "default"',
    "0 blockers, ",
    "Remove Flannel",
  ]) {
    expect(text).toContain(words);
  }
  expect(text).toMatch(/Takes +about \d+ min/);
});

test("why node by node: this cluster's nodes, StatefulSets and volumes, and what each way takes", () => {
  const many = aFlannelCluster()
    .withWorkloads(aWorkload("StatefulSet", "shop", "db", { desired: 3 }))
    .with({ services: [aService("shop", "web", { type: "LoadBalancer" })] });
  const said = printed(many, 2_000).join("\n");
  expect(said).toContain("one of 3 nodes is out of service at a time");
  expect(said).toContain("during which no pod has a network");
  expect(said).toContain("3 more machines, 1 StatefulSet and 0 local volumes to copy, 1 load balancer to redirect");
  const unread = printed(many.with({ localVolumes: null }), 2_000).join("\n");
  expect(unread).toContain("an unknown number of local volumes");
  expect(printed(aFlannelCluster(1), 2_000).join("\n")).toContain("On one node everything is down");
});

test("nodes stand in their order, with turn and pods, and who is left out", () => {
  const lines = printed(bare, 80, { exclude: ["worker-2"] });
  const first = lines.findIndex((line) => line.startsWith("Nodes, in this order"));
  expect(lines[first + 1]).toMatch(/^ +1 {2}worker-1 +canary +2 pods +\d/);
  expect(lines[first + 2]).toMatch(/^ +2 {2}control-plane-0 +control plane +0 pods/);
  expect(lines[first + 3]).toBe("  Excluded: worker-2");
});

test("every planned change has a way back or says that there is none", () => {
  const lines = printed(aFlannelCluster());
  const start = lines.indexOf("Planned changes");
  const end = lines.indexOf("Point of no return");
  const body = lines.slice(start, end).join("\n");
  expect(body.match(/^ {4}(create|change|delete) /gm)?.length).toBe(body.match(/rollback: /g)?.length);
  expect(body).toContain("rollback: none");
});

test("a name from the cluster cannot move the cursor", () => {
  const text = printed(aFlannelCluster().with({ context: "evil\u001b[2Jname" })).join("\n");
  expect(text).not.toContain("\u001b");
  expect(text).toContain("evil");
});

test("text hangs below itself, and a word that is too wide is cut", () => {
  expect(hanging("  a: ", "one two three four", 21)).toEqual(["  a: one two three", "     four"]);
  expect(hanging("- ", "x".repeat(40), 22)).toEqual([`- ${"x".repeat(20)}`, `  ${"x".repeat(20)}`]);
  expect(hanging("- ", "", 22)).toEqual(["-"]);
});
