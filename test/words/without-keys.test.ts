import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withoutKeys } from "../../src/words/without-keys.ts";
import { namesKey } from "../support/names-key.ts";

/** Every text of engine and adapters that tells somebody to press a key. */
const remedies = globSync("src/{engine,kube,runner,journal}/**/*.ts").flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => namesKey.test(line) && !/^\s*(\*|\/[/*])/.test(line)),
);

test.each([...new Set(remedies)])("who reads lines is not told to press a key: %s", (line) => {
  expect(withoutKeys(line)).not.toMatch(namesKey);
});
