import { expect, test } from "vitest";
import type { EngineRequest } from "../../../src/engine/model/events.ts";
import type { Changes } from "../../../src/engine/model/ports/changes.ts";
import { reason } from "../../../src/engine/model/reason.ts";
import { RequestLine } from "../../../src/engine/run/request-line.ts";

const pause = { request: "pause", by: "ada" } as const satisfies EngineRequest;
const resume = { request: "resume", by: "ada" } as const satisfies EngineRequest;

/** A cluster in which nothing changes: whoever waits for it is ended by its signal alone. */
const nothingChanges: Pick<Changes, "next"> = {
  next: (_atMostMs, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    }),
};

const aLine = () => new RequestLine(() => nothingChanges);
const never = new AbortController().signal;

test("requests are carried out in the order in which they came, each with its own answer", async () => {
  const line = aLine();
  const answers = [line.add(pause, 1), line.add(resume, 2)];
  const done: string[] = [];
  await line.carryOut(({ request, at }) => {
    done.push(`${request.request} of ${at}`);
    return Promise.resolve(request.request === "resume" ? reason("not-paused", {}) : null);
  });
  expect(done).toEqual(["pause of 1", "resume of 2"]);
  expect(await Promise.all(answers)).toEqual([null, reason("not-paused", {})]);
});

test("one that could not be recorded stays the first in line, and is not answered before it was", async () => {
  const line = aLine();
  const answer = line.add(pause, 1);
  await expect(line.carryOut(() => Promise.reject(new Error("no answer")))).rejects.toThrow("no answer");
  await line.carryOut(() => Promise.resolve(null));
  expect(await answer).toBeNull();
});

test("a request wakes whoever sleeps, and nobody falls asleep while one is in line", async () => {
  const line = aLine();
  const asleep = line.sleep(60_000, never);
  void line.add(pause, 1);
  await asleep;
  await line.sleep(60_000, never);
});

test("the end of the run ends the sleep as what it is", async () => {
  const ending = new AbortController();
  const asleep = aLine().sleep(60_000, ending.signal);
  ending.abort(new Error("over"));
  await expect(asleep).rejects.toThrow("over");
});
