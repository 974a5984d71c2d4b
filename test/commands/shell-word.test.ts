import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../src/commands/shell-word.ts";

test.each([
  ["prod-eu", "prod-eu"],
  ["/home/ana/.kube/config", "/home/ana/.kube/config"],
  ["arn:aws:eks:eu-west-1:1:cluster/a", "arn:aws:eks:eu-west-1:1:cluster/a"],
  ["my cluster", "'my cluster'"],
  ["ana's", "'ana'\\''s'"],
  ["", "''"],
  ["$(reboot);`x`&", "'$(reboot);`x`&'"],
])("%s is one word of a shell: %s", (text, word) => {
  expect(shellWord(text)).toBe(word);
  expect(execFileSync("/bin/sh", ["-c", `printf %s ${word}`], { encoding: "utf8" })).toBe(text);
});
