import { expect, test } from "vitest";
import { type Bygone, ownCrashes } from "../../../src/engine/observe/own-crashes.ts";

const lastFailure = "exit code 1: no route";
const none = { restarts: 0, lastFailure: "" };

test.each<readonly [what: string, pod: readonly [restarts: number, failedAt: number | null], Bygone, own: object]>([
  ["one restart", [1, 10], {}, { restarts: 1, lastFailure }],
  ["several restarts", [3, 10], {}, { restarts: 3, lastFailure }],
  ["the restart that our reboot is", [3, 10], { restarts: 3 }, none],
  ["one more than that", [4, 10], { restarts: 3 }, { restarts: 1, lastFailure }],
  ["a first end that was not started again yet", [0, 10], {}, { restarts: 0, lastFailure }],
  ["an end before our reboot", [3, 10], { until: 10 }, none],
  ["an end after it", [3, 11], { until: 10 }, { restarts: 3, lastFailure }],
  ["an end of unknown time", [3, null], { until: 10 }, { restarts: 3, lastFailure }],
])("%s", (_what, [restarts, failedAt], bygone, own) => {
  expect(ownCrashes({ restarts, failedAt, lastFailure }, bygone)).toEqual(own);
});

test("restarts without a bad end of their own are no reason", () => {
  expect(ownCrashes({ restarts: 2, failedAt: null, lastFailure: "" })).toEqual(none);
});
