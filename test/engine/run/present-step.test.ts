import { expect, test } from "vitest";
import { PresentStep } from "../../../src/engine/run/present-step.ts";

test("an answer's time counts against no limit, and only a stand is time in which nobody worked", () => {
  const step = new PresentStep();
  step.answered(30_000);
  step.stood(2_000);
  expect([step.idleMs, step.stoodMs]).toEqual([32_000, 2_000]);
});

test("a node that was declared restarted is so for this step alone", () => {
  const step = new PresentStep();
  step.declareRebooted("worker-1");
  expect([step.isDeclaredRebooted("worker-1"), step.isDeclaredRebooted("worker-2")]).toEqual([true, false]);
  expect(new PresentStep().isDeclaredRebooted("worker-1")).toBe(false);
});
