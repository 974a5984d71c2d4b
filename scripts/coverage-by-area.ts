// npm run coverage: plays tests, all of vitest.config.ts those of npm test with --gate or those that are named, and sums what they cover by area: a folder of src/, of
// src/engine/ and src/kube/, or of packages/lab/.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { nightly } from "../test/what-runs-when.ts";
import { without } from "./test-files.ts";

interface Count {
  readonly total: number;
  readonly covered: number;
}

interface Covered {
  readonly lines: Count;
  readonly branches: Count;
}

const root = new URL("../", import.meta.url).pathname;
const given = process.argv.slice(2);
const args = given.includes("--gate")
  ? [...given.filter((arg) => arg !== "--gate"), ...without(Object.keys(nightly))]
  : given;
const { status } = spawnSync("vitest", ["run", "--coverage", ...args], { cwd: root, stdio: "inherit" });
const found = JSON.parse(readFileSync(`${root}coverage/coverage-summary.json`, "utf8")) as Record<string, Covered>;

function areaOf(file: string): string {
  const folders = file.slice(root.length).split("/").slice(0, -1);
  return folders.slice(0, ["engine", "kube", "lab"].includes(folders[1] ?? "") ? 3 : 2).join("/");
}

const plus = (one: Count, other: Count): Count => ({
  total: one.total + other.total,
  covered: one.covered + other.covered,
});
const percent = ({ total, covered }: Count) => (total === 0 ? "–" : `${((100 * covered) / total).toFixed(1)} %`);

const areas = new Map<string, Covered>();
for (const [file, { lines, branches }] of Object.entries(found)) {
  const area = file === "total" ? "all" : areaOf(file);
  const known = areas.get(area);
  areas.set(
    area,
    known ? { lines: plus(known.lines, lines), branches: plus(known.branches, branches) } : { lines, branches },
  );
}

console.log(`${"area".padEnd(32)}${"lines".padStart(9)}${"branches".padStart(11)}`);
for (const [area, { lines, branches }] of [...areas].toSorted(([one], [other]) => one.localeCompare(other))) {
  console.log(`${area.padEnd(32)}${percent(lines).padStart(9)}${percent(branches).padStart(11)}`);
}
process.exitCode = status ?? 1;
