import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { Journal } from "../../src/journal/journal.ts";
import { makeFolder, openOwnFile } from "../../src/journal/own-folder.ts";
import { agreementsPath, engineLogPath, journalPath } from "../../src/runner/places.ts";
import { mode, withPrivateFolder } from "../support/private-folder.ts";
import { inWords, saidOf } from "../support/said.ts";

let folder = "";
const current = withPrivateFolder("own-folder-");
beforeEach(() => {
  folder = current();
});

const isRoot = process.getuid?.() === 0;

describe("a folder is made", () => {
  test("with all that is missing above it, for its owner only", () => {
    makeFolder(join(folder, "a/b/c"));
    makeFolder(join(folder, "a/b/c"));
    expect(["a", "a/b", "a/b/c"].map((name) => mode(join(folder, name)))).toEqual([0o700, 0o700, 0o700]);
  });

  test("or not: below /proc, where Node's own way never returns, behind a link to nothing, below a file", () => {
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    writeFileSync(join(folder, "file"), "");
    expect(() => makeFolder("/proc/nowhere/crossfade")).toThrow(/ENOENT/);
    expect(() => makeFolder(join(folder, "link/b"))).toThrow(/ENOENT/);
    expect(() => makeFolder(join(folder, "file/b"))).toThrow(/ENOTDIR/);
  });
});

test("a state folder below /proc costs the journal, and hangs nothing", () => {
  const journal = new Journal(journalPath({ context: "c", server: "s" }, { XDG_STATE_HOME: "/proc/nowhere" }));
  journal.open();
  expect(journal.trouble).toMatch(/cannot be written: ENOENT/);
});

describe.each(["append", "anew"] as const)("a file that is opened to %s", (how) => {
  test("is ours alone", () => {
    closeSync(openOwnFile(join(folder, "log"), how));
    expect(mode(join(folder, "log"))).toBe(0o600);
  });

  test("is no link's target, and is not made by a link to nothing", () => {
    writeFileSync(join(folder, "victim"), "kept");
    for (const target of ["victim", "nothing"]) {
      const link = join(folder, `to-${target}`);
      symlinkSync(join(folder, target), link);
      expect(() => openOwnFile(link, how)).toThrow(/ELOOP/);
    }
    expect(readFileSync(join(folder, "victim"), "utf8")).toBe("kept");
    expect(existsSync(join(folder, "nothing"))).toBe(false);
  });

  test("is no pipe that is waited for, no folder and no device", () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(() => openOwnFile(join(folder, "pipe"), how)).toThrow(/ENXIO/);
    expect(() => openOwnFile(folder, how)).toThrow(/EISDIR/);
    expect(() => openOwnFile("/dev/null", how)).toThrow(/is not a file of yours|EACCES|EPERM/);
  });

  test.runIf(isRoot)("is no other user's", () => {
    writeFileSync(join(folder, "theirs"), "kept");
    chownSync(join(folder, "theirs"), 4242, 4242);
    expect(() => openOwnFile(join(folder, "theirs"), "append")).toThrow(/not a file of yours/);
  });
});

test("a journal with a torn line is cut short where it is, never behind a link", () => {
  const victim = join(folder, "victim");
  writeFileSync(victim, "a line that has no end");
  symlinkSync(victim, join(folder, "run.jsonl"));
  const journal = new Journal(join(folder, "run.jsonl"));
  journal.open();
  expect(journal.trouble).toMatch(/ELOOP/);
  expect(readFileSync(victim, "utf8")).toBe("a line that has no end");
});

describe("a state folder that others may write", () => {
  const cluster = { context: "c", server: "https://api:6443" };
  const places = [journalPath, agreementsPath, engineLogPath];
  /** What each of the three says of a state folder of this mode and owner, in a folder of that mode and owner. */
  function said(
    own: number,
    above: number,
    owners: { readonly own?: number; readonly above?: number } = {},
  ): unknown[] {
    const state = join(folder, "state");
    mkdirSync(join(state, "crossfade"), { recursive: true });
    chmodSync(join(state, "crossfade"), own);
    chmodSync(state, above);
    if (owners.own !== undefined) chownSync(join(state, "crossfade"), owners.own, owners.own);
    if (owners.above !== undefined) chownSync(state, owners.above, owners.above);
    return places.map((place) => {
      try {
        place(cluster, { XDG_STATE_HOME: state });
        return "fine";
      } catch (thrown) {
        return saidOf(thrown);
      }
    });
  }
  const refused = (why: RegExp) =>
    places.map(() => expect.objectContaining({ code: "USAGE", message: expect.stringMatching(why) }));

  test.each([
    [0o700, 0o700],
    [0o755, 0o755],
    // A group of one's own, as with a umask of 002.
    [0o700, 0o775],
    [0o700, 0o1777],
  ])("is none with modes %o in %o", (own, above) => {
    expect(said(own, above)).toEqual(["fine", "fine", "fine"]);
  });

  test.each([
    [0o770, 0o700, /crossfade may be written by other users/],
    [0o702, 0o700, /crossfade may be written by other users/],
    [0o700, 0o777, /state may be written by every user/],
  ])("is refused in one sentence with modes %o in %o", (own, above, why) => {
    expect(said(own, above)).toEqual(refused(why));
  });

  test.runIf(isRoot).each([
    ["itself", { own: 4242 }, /crossfade belongs to another user \(4242\)/],
    ["of the folder that it lies in", { above: 4242 }, /state belongs to another user \(4242\)/],
  ])("is refused by the owner %s", (_what, owners, why) => {
    expect(said(0o700, 0o755, owners)).toEqual(refused(why));
  });

  test("is refused where a file is in its place", () => {
    writeFileSync(join(folder, "crossfade"), "");
    expect(inWords(() => journalPath(cluster, { XDG_STATE_HOME: folder }))).toThrow(/is not a folder/);
  });
});
