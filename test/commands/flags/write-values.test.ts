import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeValues } from "../../../src/commands/flags/write-values.ts";
import { aPlan } from "../../support/panel/a-plan.ts";

const folder = mkdtempSync(path.join(tmpdir(), "write-values-"));
afterAll(() => rmSync(folder, { recursive: true }));
const plan = aPlan(["worker-1"]);
const mode = (file: string) => statSync(file).mode & 0o777;

test("the files can be read by their owner alone, and a second time nothing changes", () => {
  const there = path.join(folder, "new");
  const written = writeValues(plan, there);
  expect(written.map((file) => path.basename(file))).toEqual([
    "values-initial.yaml",
    "values-final.yaml",
    "values-initial.json",
    "values-final.json",
  ]);
  expect([mode(there), ...written.map(mode)]).toEqual([0o700, 0o600, 0o600, 0o600, 0o600]);
  expect(writeValues(plan, there)).toEqual(written);
});

test("a file that somebody changed is kept, and no other is written", () => {
  const there = path.join(folder, "edited");
  mkdirSync(there);
  const file = path.join(there, "values-final.yaml");
  writeFileSync(file, "mine: true\n");
  expect(() => writeValues(plan, there)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining("values-final.yaml is there already") }),
  );
  expect(readFileSync(file, "utf8")).toBe("mine: true\n");
  expect(readdirSync(there)).toEqual(["values-final.yaml"]);
});

test("a link is not followed", () => {
  const there = path.join(folder, "linked");
  mkdirSync(there);
  const victim = path.join(folder, "victim");
  symlinkSync(victim, path.join(there, "values-final.yaml"));
  expect(() => writeValues(plan, there)).toThrow(expect.objectContaining({ code: "USAGE" }));
  expect(readdirSync(folder)).not.toContain("victim");
});

test.each(["/proc/nowhere", "/dev/null", "/no/such/folder"])("%s is refused in one sentence", (there) => {
  expect(() => writeValues(plan, there)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining(`cannot be written to ${there}`) }),
  );
});
