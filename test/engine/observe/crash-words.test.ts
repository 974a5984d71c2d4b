import { expect, test } from "vitest";
import { type Bygone, crashWords } from "../../../src/engine/observe/crash-words.ts";

const failure = "exit code 1: no route";

test.each<readonly [what: string, pod: readonly [restarts: number, failedAt: number | null], Bygone, said: string]>([
  ["one restart", [1, 10], {}, `1 restart, ${failure}`],
  ["several restarts", [3, 10], {}, `3 restarts, ${failure}`],
  ["the restart that our reboot is", [3, 10], { restarts: 3 }, ""],
  ["one more than that", [4, 10], { restarts: 3 }, `1 restart, ${failure}`],
  ["a first end that was not started again yet", [0, 10], {}, failure],
  ["an end before our reboot", [3, 10], { until: 10 }, ""],
  ["an end after it", [3, 11], { until: 10 }, `3 restarts, ${failure}`],
  ["an end of unknown time", [3, null], { until: 10 }, `3 restarts, ${failure}`],
])("%s", (_what, [restarts, failedAt], bygone, said) => {
  expect(crashWords({ restarts, failedAt, lastFailure: failure }, bygone)).toBe(said);
});

test("restarts without a bad end of their own are no reason", () => {
  expect(crashWords({ restarts: 2, failedAt: null, lastFailure: "" })).toBe("");
});
