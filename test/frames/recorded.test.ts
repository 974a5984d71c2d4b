import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { atEndOf, recording, recordingNames } from "../support/panel/recording.ts";

const root = new URL("../../", import.meta.url).pathname;
const stale = "recordings are stale: npm run record makes them again, then read the frames that changed";

test("what the recorded engines said is what today's engine may say: else npm run record", () => {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "recorded-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lists = recordingNames().map(
    (name, index) => `export const recording${index}: readonly EngineEvent[] = ${JSON.stringify(recording(name))};`,
  );
  const model = join(root, "src/engine/model/events.ts");
  writeFileSync(join(folder, "all.ts"), [`import type { EngineEvent } from "${model}";`, ...lists].join("\n"));
  writeFileSync(join(folder, "tsconfig.json"), `{ "extends": "${root}tsconfig.json", "include": ["all.ts"] }`);
  const tsc = join(root, "node_modules/.bin/tsc");
  const { status, stdout } = spawnSync(tsc, ["-p", folder], { encoding: "utf8" });
  expect(status === 0 ? "" : `${stale}\n${stdout.slice(0, 2_000)}`).toBe("");
});

test.each(recordingNames())("the recording %s folds to a run of six nodes", (name) => {
  expect(Object.keys(atEndOf(name).nodes)).toHaveLength(6);
});
