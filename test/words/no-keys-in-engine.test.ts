import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { namesKey } from "../support/names-key.ts";

const files = globSync("src/{engine,kube,runner,journal}/**/*.ts");

test.each(files)("%s names no key: what a person may press is said by src/words", (file) => {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => namesKey.test(line) && !/^\s*(\*|\/[/*])/.test(line));
  expect(lines).toEqual([]);
});
