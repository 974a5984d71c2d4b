// npm test: types, lint, format, dead code, the bundle, then the tests; ends in "N passed, N failed". --check stops before the bundle
// and plays tables and frames only, --nightly leaves nothing out, --lab plays the lab's own tests only. test/what-runs-when.ts says what runs when.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { check, nightly, ofTheLab } from "../test/what-runs-when.ts";
import { labIsTested, noteLabTested, without } from "./test-files.ts";

const mode = process.argv[2]?.replace("--", "") ?? "test";

const results = ".cache/results";
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

let passed = 0;
let failed = 0;
/** Files of tests and their seconds. */
const took = [];

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

function deadCode() {
  if (existsSync("node_modules/knip")) return gate("dead code", "knip", []);
  console.log("\n── dead code: FAILED, knip is not installed here: npm ci brings it");
  failed += 1;
}

/** Answers whether all of it passed. */
function suite(title, config, { only = [], leftOut = [] }) {
  const file = `${results}/${title}.json`;
  const ok = run(title, "vitest", [
    "run",
    ...only,
    "--config",
    config,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
    ...without(leftOut),
  ]);
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, "utf8"));
    passed += numPassedTests;
    failed += numFailedTests;
    // A file that could not be loaded has no tests to count, and is a failure all the same.
    if (!ok && numFailedTests === 0) failed += 1;
    if (ok && numPassedTests === 0) failed += 1;
    for (const { name, startTime, endTime } of testResults) {
      took.push({ file: relative(process.cwd(), name), seconds: (endTime - startTime) / 1000 });
    }
    return ok && numPassedTests > 0;
  } catch {
    failed += 1;
    return false;
  }
}

function printSlowest() {
  console.log("\n── the ten slowest files");
  for (const { file, seconds } of took.toSorted((one, other) => other.seconds - one.seconds).slice(0, 10)) {
    console.log(`   ${seconds.toFixed(1).padStart(6)} s  ${file}`);
  }
}

/** Tests of the lab: left out where it is as it was when they passed last. */
function labsOwn() {
  if (mode === "nightly") return [];
  if (!labIsTested()) {
    console.log(
      "\n── the lab or its tests changed since they passed last: they run. npm run test:lab notes that they passed",
    );
    return [];
  }
  console.log(
    `\n── left out: ${ofTheLab.join(", ")}: nothing there changed since they passed last (packages/lab/tested.json)`,
  );
  return ofTheLab;
}

/** Tests that take too long for npm test. */
function longOnes() {
  if (mode === "nightly") return [];
  console.log(`── left to npm run nightly: ${Object.keys(nightly).length} paths of test/what-runs-when.ts`);
  return Object.keys(nightly);
}

function playLab() {
  gate("tools for the contract tests", "node", ["scripts/fetch-tools.mjs"]);
  if (suite("lab", "vitest.config.ts", { only: ofTheLab })) noteLabTested();
}

function playAll() {
  gate("bundle", "node", ["scripts/build.mjs"]);
  gate("tools for the contract tests", "node", ["scripts/fetch-tools.mjs"]);
  const leftOut = [...labsOwn(), ...longOnes()];
  const ok = suite("tests", "vitest.config.ts", { leftOut });
  if (mode === "nightly" && ok) noteLabTested();
  suite("journeys", "vitest.journeys.config.ts", { leftOut });
}

if (mode === "lab") playLab();
else {
  gate("types", "tsc", ["--noEmit"]);
  gate("lint", "oxlint", ["--type-aware", "--deny-warnings"]);
  gate("format", "biome", ["check", ".", "--diagnostic-level=error"]);
  deadCode();
  if (mode === "check") suite("tables and frames", "vitest.config.ts", { only: check, leftOut: Object.keys(nightly) });
  else playAll();
}

printSlowest();
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
