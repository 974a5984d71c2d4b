import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventWithoutKeys, withoutKeys } from "../../../src/commands/headless/without-keys.ts";

/** A key, as texts name it: of the panel's keys all that change something. */
const named =
  /press [a-zA-Z]\b|\([a-zA-Z] (retries|leaves)|, [uU] undoes|\b[rs] (moves|leaves) it|space and m|U to undo|\([A-Z]\)|\bP \(|with q\b|\bkey b\b/;

/** Every text of engine and adapters that tells somebody to press a key. */
const remedies = globSync("src/{engine,kube,runner,journal}/**/*.ts").flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => named.test(line) && !/^\s*(\*|\/[/*])/.test(line)),
);

test("there are remedies that name a key", () => {
  expect(remedies.length).toBeGreaterThan(5);
});

test.each([...new Set(remedies)])("who reads lines is not told to press a key: %s", (line) => {
  expect(withoutKeys(line)).not.toMatch(named);
});

const gone = "mending it or powering it on, or kubectl delete node worker-1 once it is gone for good";

test.each([
  ["a node that is set aside", "worker-1 to come back: set aside", gone, true, `${gone}; then crossfade resume`],
  [
    "a path that is broken for long",
    "traffic a → b",
    "the path answering",
    true,
    "the path answering; then crossfade resume",
  ],
  ["a path that is broken since a moment", "traffic a → b", "the path answering", false, "the path answering"],
  ["what has a command of its own", "worker-1 left out", "space and m to include it", true, "crossfade include NODE"],
  ["a plan with blockers, which is no run yet", "preflight: no", "free a node", true, "free a node"],
])("%s says what goes on with the run", (_what, ...[because, clearedBy, needsPerson, said]) => {
  const hold = { because, clearedBy, object: null, since: 0, needsPerson };
  expect(eventWithoutKeys({ type: "run-held", at: 0, hold })).toMatchObject({ hold: { clearedBy: said } });
});
