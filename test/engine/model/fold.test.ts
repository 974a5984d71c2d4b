import { expect, test } from "vitest";
import { fold } from "../../../src/engine/model/fold.ts";
import { type RunStory, run } from "../../support/panel/run-state.ts";

const allMoved = () => run("a", "b").ready().migrated("a", "b").asked("finalize");

test.each<readonly [string, RunStory, string | null]>([
  ["while nothing changes it is asked", allMoved(), "finalize"],
  ["a node that is taken back withdraws it", allMoved().rollingBack("a", "rollback-cordon"), null],
  ["so does a node that joined", allMoved().joined("c"), null],
  ["consent answers it", allMoved().consented("finalize"), null],
  ["turning back withdraws it", allMoved().turnedBack(), null],
  ["leaving a node out does not withdraw the first question", run("a", "b").asked("nodes").excluded("b"), "nodes"],
])("what a person is asked: %s", (_sentence, story, expected) => {
  expect(story.state.asking).toBe(expected);
});

test("what is still said of a node that left does not bring it back", () => {
  expect(run("a", "b").ready().at("b", "drain").vanished("b").at("b", "enable-cilium").state.order).toEqual(["a"]);
});

test("a node that joined is one of the run's", () => {
  expect(run("a").ready().joined("b").at("b", "precheck").state.nodes.b?.state.phase).toBe("migrating");
});

test("a node may bear a name that every object has", () => {
  const story = run("constructor", "b").at("constructor", "precheck");
  expect(story.state.nodes["constructor"]?.state.phase).toBe("migrating");
  expect(run("a").ready().at("constructor", "precheck").state.order).toEqual(["a"]);
});

test("a plan that is announced anew forgets who was excluded, and not what was seen", () => {
  const { state } = run("a", "b").excluded("b");
  const { plan } = state;
  if (!plan) throw new Error("the fixture changed");
  const again = fold(state, { type: "run-announced", at: 1, plan, resumed: false });
  expect(again.nodes.b?.state.phase).toBe("queued");
  expect(again.nodes.b?.snapshot).toEqual(state.nodes.b?.snapshot);
});
