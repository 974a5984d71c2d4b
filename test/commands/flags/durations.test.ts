import { expect, test } from "vitest";
import { durationMs } from "../../../src/commands/flags/durations.ts";

test.each([
  ["0", 0],
  ["250ms", 250],
  ["90s", 90_000],
  ["10m", 600_000],
  ["1h30m", 5_400_000],
  ["168h", 604_800_000],
])("%s is read in milliseconds", (text, ms) => {
  expect(durationMs(text, "soak")).toBe(ms);
});

test.each(["", "5", "m", "1d", "5 m", "-5s", "1.5h", "5 s", "5s x", "169h", "99999999999999999999h"])(
  "%j is refused",
  (text) => {
    expect(() => durationMs(text, "soak")).toThrow(expect.objectContaining({ code: "USAGE" }));
  },
);
