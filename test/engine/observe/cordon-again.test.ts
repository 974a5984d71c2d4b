import { expect, test } from "vitest";
import type { Note } from "../../../src/engine/model/notes/note.ts";
import type { NodeScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { cordonAgainInDrain } from "../../../src/engine/observe/cordon-again.ts";
import { inWords } from "../../support/said.ts";

function drained() {
  const clock = { at: 10_000 };
  const told: string[] = [];
  let cordons = 0;
  const scope = {
    node: "worker-1",
    memory: new StepMemory(),
    log: (_level: string, { code }: Note) => void told.push(code),
    ports: {
      clock: { now: () => clock.at },
      nodes: {
        cordon: () => {
          cordons += 1;
          return Promise.resolve();
        },
      },
    },
  };
  return { scope: scope as unknown as NodeScope, clock, told, cordons: () => cordons };
}

test("a node that is uncordoned by others is cordoned again and said so; what a cache still shows is the same uncordoning", async () => {
  const { scope, clock, told, cordons } = drained();
  await cordonAgainInDrain(scope);
  clock.at += 4_999;
  await cordonAgainInDrain(scope);
  expect({ cordons: cordons(), told }).toEqual({
    cordons: 2,
    told: ["cordoned-again"],
  });
});

test("a fifth time in one drain fails the node: whoever does it does not do it by mistake", async () => {
  const { scope, clock } = drained();
  for (let time = 1; time <= 4; time += 1) {
    await cordonAgainInDrain(scope);
    clock.at += 5_000;
  }
  await expect(inWords(cordonAgainInDrain(scope))).rejects.toMatchObject({
    code: "FOUGHT_OVER",
    message: expect.stringContaining("5 times"),
  });
});
