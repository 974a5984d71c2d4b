import { expect, test } from "vitest";
import { reason } from "../../../src/engine/model/reason.ts";
import { BegunByOthers } from "../../../src/engine/run/begun-by-others.ts";
import type { Session } from "../../../src/engine/run/session.ts";

/** A run that waits for its first consent, on a cluster that may record somebody else's. */
function aWait(record: { readonly finished: object | null } | null, recording = false) {
  let now = 10_000;
  let looks = 0;
  const session = {
    recording,
    now: () => now,
    ports: {
      records: {
        run: () => {
          looks += 1;
          return Promise.resolve(record);
        },
      },
      lock: { state: () => Promise.resolve({ holder: "bob@there/7" }) },
    },
  } as unknown as Session;
  return { others: new BegunByOthers(session), pass: (ms: number) => (now += ms), looks: () => looks };
}

test.each([
  ["no record", aWait(null), null],
  ["a run that ended", aWait({ finished: {} }), null],
  ["a run under way", aWait({ finished: null }), reason("begun-elsewhere", { holder: "bob@there/7" })],
  ["a run under way that is our own", aWait({ finished: null }, true), null],
])("%s", async (_what, { others }, why) => {
  expect((await others.end())?.reason ?? null).toEqual(why);
});

test("the cluster is asked every two seconds at most", async () => {
  const { others, pass, looks } = aWait(null);
  await others.end();
  pass(1_999);
  await others.end();
  expect(looks()).toBe(1);
  pass(1);
  await others.end();
  expect(looks()).toBe(2);
});
