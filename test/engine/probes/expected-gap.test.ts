import { expect, test } from "vitest";
import type { ProbePath } from "../../../src/engine/model/events.ts";
import { disturbanceOf, expectedGap } from "../../../src/engine/probes/expected-gap.ts";
import { type RunStory, run } from "../../support/panel/run-state.ts";

const moving = () => run("a", "b", "c").ready().migrated("a");

test.each<[what: string, story: RunStory, path: ProbePath, nodes: readonly string[], dns: boolean, expected: boolean]>([
  ["a node that reboots is silent", moving().at("b", "reboot"), "cilium-to-source", ["a", "b"], true, true],
  ["and so it is to those that it asks", moving().at("b", "wait-ready"), "source-to-cilium", ["b", "a"], true, true],
  ["until it is verified", moving().at("b", "verify"), "cilium-to-cilium", ["a", "b"], true, true],
  ["not while it is drained", moving().at("b", "drain"), "cilium-to-source", ["a", "b"], true, false],
  ["nor once it is watched", moving().at("b", "soak"), "cilium-to-cilium", ["a", "b"], true, false],
  ["a pair of others is none of its business", moving().at("b", "reboot"), "cilium-to-source", ["a", "c"], true, false],
  ["a node on its way back is silent", moving().rolledBack("a"), "source-to-cilium", ["b", "a"], true, true],
  ["DNS without a Ready pod while a node is drained", moving().at("b", "drain"), "dns", ["c"], false, true],
  ["DNS with one is lost", moving().at("b", "drain"), "dns", ["c"], true, false],
  ["DNS without one while no node is in hand is lost", moving(), "dns", ["c"], false, false],
  ["the API service is lost while a worker reboots", moving().at("b", "reboot"), "api-service", ["c"], true, false],
])("%s", (...[, { state }, path, nodes, dnsReady, expected]) => {
  expect(expectedGap({ path, nodes }, disturbanceOf(state), dnsReady) !== undefined).toBe(expected);
});

test.each([
  [["a"], true],
  [["a", "c"], false],
])("the API service, while a of the control planes %j reboots: expected %s", (planes, expected) => {
  const { state } = run("a", "b", "c").ready().at("a", "reboot");
  if (!state.plan) throw new Error("no plan");
  const nodes = state.plan.nodes.map((node) => ({
    ...node,
    turn: planes.includes(node.name) ? ("control-plane" as const) : ("worker" as const),
  }));
  const seen = disturbanceOf({ ...state, plan: { ...state.plan, nodes } });
  expect(expectedGap({ path: "api-service", nodes: ["b"] }, seen, true) !== undefined).toBe(expected);
});
