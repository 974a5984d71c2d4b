import { expect, test } from "vitest";
import { waysResult } from "../../../src/engine/plan/ways.ts";
import { unicodeGlyphs } from "../../../src/store/text/glyphs.ts";
import { textOf } from "../../../src/store/text/line.ts";
import { planLines } from "../../../src/store/views/plan-lines.ts";
import { aFlannelCluster } from "../../support/facts.ts";
import { atEndOf } from "../../support/panel/recording.ts";

function page(width: number): readonly string[] {
  const { plan } = atEndOf("blocked");
  if (!plan) throw new Error("the recording has no plan");
  return planLines(plan, unicodeGlyphs, width).map(textOf);
}

const heads = ["Preflight", "Order of the nodes", "Helm values that", "Passed checks", "Planned changes"];

test("the page begins with what speaks against the plan and ends with what cannot be rolled back", () => {
  const lines = page(80);
  const places = heads.map((head) => lines.findIndex((line) => line.startsWith(head)));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  const blockers = lines.flatMap((line, at) => (line.startsWith(" ✗ ") ? [at] : []));
  expect(blockers).toHaveLength(2);
  expect(Math.max(...blockers)).toBeLessThan(places[1] ?? 0);
  expect(lines.findIndex((line) => line.includes("POINT OF NO RETURN"))).toBeGreaterThan(places[4] ?? 0);
});

test("passed checks are one paragraph that names every one of them", () => {
  const lines = page(120);
  const passed = atEndOf("blocked").plan?.checkResults.filter(({ level }) => level === "ok") ?? [];
  const at = lines.findIndex((line) => line.startsWith("Passed checks"));
  expect(lines[at]).toContain(String(passed.length));
  const paragraph = lines.slice(at + 1, lines.indexOf("", at));
  expect(passed.length).toBeGreaterThan(40);
  expect(paragraph.length).toBeLessThan(15);
  expect(paragraph[0]).toMatch(/^ ✓ \w/);
  expect(paragraph.join(" ")).toContain("RBAC permissions");
});

test("objects that a check's sentence names are not named again below it", () => {
  expect(page(120).filter((line) => line.includes("shop/debug"))).toEqual(["   1 pod has no controller: shop/debug"]);
});

test("why node by node and not otherwise stands behind what speaks against the plan", () => {
  const { plan } = atEndOf("blocked");
  if (!plan) throw new Error("the recording has no plan");
  const { facts } = aFlannelCluster();
  const why = waysResult({ members: facts, source: "Flannel", options: plan.options, estimateMs: 60_000 });
  const others = plan.checkResults.filter(({ check }) => check !== "why-in-place");
  const lines = planLines({ ...plan, checkResults: [...others, why] }, unicodeGlyphs, 100).map(textOf);
  const at = lines.indexOf("Why node by node");
  expect(at).toBeGreaterThan(lines.findIndex((line) => line.startsWith("Preflight")));
  expect(at).toBeLessThan(lines.findIndex((line) => line.startsWith("Order of the nodes")));
  const paragraph = lines.slice(at, lines.indexOf("", at)).join(" ");
  expect(paragraph.replace(/\s+/g, " ")).toContain("A cut-over (Flannel removed");
});
