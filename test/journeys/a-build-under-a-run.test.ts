import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, inject, test } from "vitest";
import { pointTo, removeUnused } from "../../scripts/builds.ts";
import { Journey } from "../support/panel/journey.ts";

test("builds that are made under a run, its lab and its helm take nothing away from them", async () => {
  const journey = new Journey();
  const dist = join(journey.folder, "dist");
  cpSync(dirname(inject("program")), dist, { recursive: true });
  const run = journey.startOf(join(dist, "crossfade.mjs"), ["demo", "--headless", "--speed", "40", "--soak", "0"]);
  await run.line(/worker-\d: drain …/);

  for (const name of ["build-later", "build-latest"]) {
    mkdirSync(join(dist, name));
    writeFileSync(join(dist, name, "crossfade.mjs"), 'console.log("another build");\n');
    pointTo(journey.folder, name, new Date());
    removeUnused(journey.folder, 1);
  }
  const other = await journey.startOf(join(dist, "crossfade.mjs"), ["status"]).ended();
  expect(other.out).toBe("another build");

  const { code, out } = await run.ended();
  expect(out.split("\n").at(-1)).toMatch(/migrated: every node is on Cilium/);
  expect(code).toBe(0);
  expect(readdirSync(dist).filter((name) => name.startsWith("build-")).length).toBeGreaterThan(1);
});
