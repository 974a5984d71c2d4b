import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { LocalArchive } from "../../src/journal/archive.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "archive-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pool = (cidr: string) => ({
  apiVersion: "net.example/v1",
  kind: "Pool",
  metadata: { name: "default", uid: "u", resourceVersion: "7" },
  // A string that YAML would read as a number, a date or a truth.
  spec: { cidr, zone: "012", since: "2026-01-01", on: "yes" },
  status: { used: 3 },
});
const hash = "0123456789abcdef";

test("objects are kept as they can be applied again, in a folder and files for us alone", () => {
  const kept = new LocalArchive(join(folder, "lab")).keep(hash, { "pools.yaml": [pool("10.0.0.0/8"), pool("x: y")] });
  expect(kept).toEqual({ folder: join(folder, "lab.source-0123456789ab"), why: null });
  const path = join(kept.folder, "pools.yaml");
  expect([statSync(kept.folder).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
  const read = parseAllDocuments(readFileSync(path, "utf8")).map((document) => document.toJS());
  expect(read).toEqual(
    ["10.0.0.0/8", "x: y"].map((cidr) => ({
      apiVersion: "net.example/v1",
      kind: "Pool",
      metadata: { name: "default" },
      spec: { cidr, zone: "012", since: "2026-01-01", on: "yes" },
    })),
  );
});

test("kept once more, nothing is left beside and what is there is what was read last", () => {
  const archive = new LocalArchive(join(folder, "lab"));
  archive.keep(hash, { "pools.yaml": [pool("10.0.0.0/8")] });
  const kept = archive.keep(hash, { "pools.yaml": [pool("10.1.0.0/16")] });
  expect(readdirSync(kept.folder)).toEqual(["pools.yaml"]);
  expect(readFileSync(join(kept.folder, "pools.yaml"), "utf8")).toContain("10.1.0.0/16");
});

test("a place where nothing can be written is told, with why", () => {
  const kept = new LocalArchive("/dev/null/lab").keep(hash, { "pools.yaml": [pool("10.0.0.0/8")] });
  expect(kept.why).toMatch(/ENOTDIR|EEXIST|ENOENT/);
});
