import { expect, test } from "vitest";
import { remembered, StepMemory } from "../../../src/engine/model/step-memory.ts";

const told = remembered(() => new Set<string>());
const asked = remembered(() => ({ times: 0 }));

test("each kind is remembered apart, and by its own type", () => {
  const memory = new StepMemory();
  memory.of(told).add("worker-1");
  memory.of(asked).times += 1;
  memory.of(asked).times += 1;
  expect(memory.of(told)).toEqual(new Set(["worker-1"]));
  expect(memory.of(asked)).toEqual({ times: 2 });
});

test("another step begins with nothing, whatever the one before it remembered", () => {
  new StepMemory().of(told).add("worker-1");
  expect(new StepMemory().of(told).size).toBe(0);
});
