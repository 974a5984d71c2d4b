// npm test: types, lint, format, generated pages, then the tests; ends in "N passed, N failed". --nightly plays every scenario by terminal.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";

if (process.argv.includes("--nightly")) process.env.CROSSFADE_NIGHTLY = "1";

const results = ".cache/results";
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

let passed = 0;
let failed = 0;

function run(title, command, args) {
  const began = Date.now();
  console.log(`\n── ${title}`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  console.log(`   ${title}: ${status === 0 ? "ok" : "FAILED"} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return status === 0;
}

function gate(title, command, args) {
  if (run(title, command, args)) passed += 1;
  else failed += 1;
}

function suite(title, config) {
  const file = `${results}/${title}.json`;
  const ok = run(title, "vitest", [
    "run",
    "--config",
    config,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, "utf8"));
    passed += numPassedTests;
    failed += numFailedTests;
    // A file that could not be loaded has no tests to count, and is a failure all the same.
    if (!ok && numFailedTests === 0) failed += 1;
    if (ok && numPassedTests === 0) failed += 1;
  } catch {
    failed += 1;
  }
}

gate("types", "tsc", ["--noEmit"]);
gate("lint", "oxlint", ["--type-aware", "--deny-warnings"]);
gate("format", "biome", ["check", "."]);
gate("bundle", "node", ["scripts/build.mjs"]);
gate("tools for the contract tests", "node", ["scripts/fetch-tools.mjs"]);
suite("tests", "vitest.config.ts");
suite("journeys", "vitest.journeys.config.ts");

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
