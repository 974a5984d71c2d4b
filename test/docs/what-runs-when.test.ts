import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allows, testFiles } from "../../scripts/test-files.ts";
import { check, nightly, ofTheLab } from "../what-runs-when.ts";

const root = new URL("../../", import.meta.url).pathname;
const files = testFiles();
const guards = [...new Set(Object.values(nightly).flat())];

test.each([...new Set([...check, ...ofTheLab, ...Object.keys(nightly)])])("%s holds tests", (path) => {
  expect(files.filter((file) => file.startsWith(path))).not.toEqual([]);
});

test.each(guards)("%s, which guards a nightly test's kind, runs in npm test", (guard) => {
  const runs = files.filter(allows({ nightly: false, lab: false }));
  expect(runs.filter((file) => file.startsWith(guard))).not.toEqual([]);
});

test("npm run check starts no lab and no terminal", () => {
  const tables = files.filter((file) => check.some((path) => file.startsWith(path)));
  const starts = /from "(crossfade-lab\/lab\.ts|@lydell\/node-pty|.*\/(lab-run|scenario-run|journey)\.ts)"/;
  expect(tables.filter((file) => starts.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});

test("every command of package.json that runs tests is told of in CONTRIBUTING.md", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  const tests = ["check", "test:lab", "nightly", "coverage", "chaos", "truth", "real"];
  expect(tests.filter((name) => !(name in scripts) || !page.includes(`npm run ${name}`))).toEqual([]);
});
