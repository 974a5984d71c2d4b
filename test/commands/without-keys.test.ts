import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withoutKeys } from "../../src/commands/without-keys.ts";

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
