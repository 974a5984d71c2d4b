import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LocalAgreements } from "../../src/runner/agreements.ts";
import { aRecord } from "../kube/support/a-record.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agreed-"));
  path = join(folder, "state", "agreed.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const agreed = (): readonly string[] | null => new LocalAgreements(path).of(aRecord)?.consents ?? null;

describe("what was agreed to on this machine", () => {
  test("is kept for the next process, consents added up, and closed to others", () => {
    const agreements = new LocalAgreements(path);
    expect(agreed()).toBeNull();
    expect(agreements.agree(aRecord, ["nodes"], "me", 1)).toBeNull();
    expect(agreements.agree(aRecord, ["finalize"], "me", 2)).toBeNull();
    expect(agreed()).toEqual(["nodes", "finalize"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "state")).mode & 0o777).toBe(0o700);
  });

  test("is nothing in a file that others may write", () => {
    new LocalAgreements(path).agree(aRecord, ["nodes"], "me", 1);
    chmodSync(path, 0o622);
    expect(agreed()).toBeNull();
  });

  test("is nothing behind a link", () => {
    new LocalAgreements(path).agree(aRecord, ["nodes"], "me", 1);
    renameSync(path, `${path}.elsewhere`);
    symlinkSync(`${path}.elsewhere`, path);
    expect(agreed()).toBeNull();
  });

  test("is not told by the hash that a record bears", () => {
    new LocalAgreements(path).agree(aRecord, ["nodes"], "me", 1);
    const { plan } = aRecord;
    const other = { ...plan, options: { ...plan.options, probeImage: "evil.example/probe:1" } };
    expect(new LocalAgreements(path).of({ ...aRecord, plan: other })).toBeNull();
  });

  test("is forgotten with the end of its run", () => {
    const agreements = new LocalAgreements(path);
    agreements.agree(aRecord, ["nodes"], "me", 1);
    agreements.forget(aRecord);
    expect(agreements.of(aRecord)).toBeNull();
    expect(readFileSync(path, "utf8")).not.toContain("nodes");
  });

  test("holds for the process that was told, where it cannot be written", () => {
    const agreements = new LocalAgreements("/dev/null/agreed.json");
    expect(agreements.agree(aRecord, ["nodes"], "me", 1)).not.toBeNull();
    expect(agreements.of(aRecord)?.consents).toEqual(["nodes"]);
  });
});
