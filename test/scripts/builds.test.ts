import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isUpToDate, pointTo, removeUnused } from "../../scripts/builds.ts";

const now = new Date("2026-01-01T12:00:00Z");
const minutesAfter = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
/** No process has it: beyond what Linux gives. */
const nobody = 2 ** 22 + 1;

let root: string;

/** A file or folder, changed at this time. */
function put(path: string, text: string | null, at: Date): void {
  const whole = join(root, path);
  if (text === null) mkdirSync(whole, { recursive: true });
  else writeFileSync(whole, text);
  utimesSync(whole, at, at);
}

function build(name: string, at: Date, user?: number): void {
  put(`dist/${name}`, null, at);
  put(`dist/${name}/crossfade.mjs`, "", at);
  if (user !== undefined) put(`dist/${name}/used-by-${user}`, "", at);
  put(`dist/${name}`, null, at);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "builds-"));
  for (const folder of ["dist", "src/kube", "scripts"]) mkdirSync(join(root, folder), { recursive: true });
  put("src/kube/a.ts", "", now);
  put("package.json", "{}", now);
  for (const folder of ["src/kube", "src", "scripts"]) put(folder, null, now);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test("a build is made anew only where a source, or a folder of sources, is newer, or where it is not whole", () => {
  expect(isUpToDate(root)).toBe(false);
  build("build-a", minutesAfter(1));
  pointTo(root, "build-a", minutesAfter(1));
  expect(isUpToDate(root)).toBe(true);
  put("src/kube/a.ts", "", minutesAfter(2));
  expect(isUpToDate(root)).toBe(false);
  put("src/kube/a.ts", "", now);
  put("src/kube", null, minutesAfter(2));
  expect(isUpToDate(root)).toBe(false);
  put("src/kube", null, now);
  rmSync(join(root, "dist/build-a/crossfade.mjs"));
  expect(isUpToDate(root)).toBe(false);
});

test("what people start leads to the newest build; a build that somebody runs stays until that process is gone", () => {
  build("build-a", minutesAfter(1), process.pid);
  build("build-b", minutesAfter(2), nobody);
  build("build-c", minutesAfter(3));
  build("build-d", minutesAfter(4));
  pointTo(root, "build-d", minutesAfter(4));
  expect(readFileSync(join(root, "dist/crossfade.mjs"), "utf8")).toContain('import "./build-d/crossfade.mjs"');
  removeUnused(root, 2);
  const left = ["a", "b", "c", "d"].filter((name) => existsSync(join(root, `dist/build-${name}`)));
  expect(left).toEqual(["a", "c", "d"]);
});
