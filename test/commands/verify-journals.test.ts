import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import { Journal } from "../../src/journal/journal.ts";
import { journalPath } from "../../src/runner/places.ts";
import { logEvent } from "../support/log-line.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossfade-verify-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "run.jsonl");

function write(path: string, ...texts: readonly string[]): Journal {
  const journal = new Journal(path);
  journal.open();
  for (const [at, text] of texts.entries()) {
    journal.append(logEvent(text, { at: at * 1_000 }));
  }
  return journal;
}

const change = (path: string, from: string, to: string) =>
  writeFileSync(path, readFileSync(path, "utf8").replace(from, to));

async function report(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const said = { out: "", err: "" };
  const into = (name: "out" | "err") =>
    Object.assign(new PassThrough(), {
      write: (text: string) => {
        said[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const stdin = new PassThrough() as unknown as NodeJS.ReadStream;
  const { signal } = new AbortController();
  const code = await main(["report", ...argv], { env, stdin, stdout: into("out"), stderr: into("err"), signal });
  return { code, ...said };
}

const verify = (...flags: readonly string[]) => report(["--verify", "--journal", file(), ...flags]);

test("a whole journal: how many lines, from when to when, and the last hash; exit code 0", async () => {
  write(file(), "one", "two").close();
  const { code, out, err } = await verify();
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(
    /^whole {2}\/.*run\.jsonl: 2 lines, 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:01.000Z, every hash fits; the last is [0-9a-f]{64}\n$/,
  );
});

test.each<readonly [string, (rows: readonly string[]) => readonly string[], string]>([
  [
    "a changed line",
    ([one = "", two = "", three = ""]) => [one, two.replace("two", "2"), three],
    "line 2 is not as it was written: its hash does not fit it",
  ],
  ["a line taken out", ([one = "", , three = ""]) => [one, three], "1 line is missing before line 2"],
  ["the first line taken out", ([, two = "", three = ""]) => [two, three], "1 line is missing before line 1"],
  ["a line that is none", ([one = "", , three = ""]) => [one, "{}", three], "line 2 is not readable"],
])("%s: where the chain breaks, what is still proven, and exit code 1", async (_what, spoil, why) => {
  write(file(), "one", "two", "three").close();
  writeFileSync(file(), `${spoil(readFileSync(file(), "utf8").trimEnd().split("\n")).join("\n")}\n`);
  const { code, out, err } = await verify();
  expect(code).toBe(1);
  expect(out).toContain(`BROKEN ${file()}: ${why}; `);
  expect(out).toMatch(/; (lines 1 to 1 are whole, nothing after it is verified|nothing in it is verified)\n$/);
  expect(err).toMatch(/^crossfade: .*run\.jsonl is broken at line \d: .*\n {2}→ trust nothing from that line on/);
});

/** What a build from before 0.1.0 wrote: a chain that began with zeros, of events with sentences. */
function writtenByAnotherBuild(): void {
  const event = { type: "log", at: 1, level: "info", node: null, text: "found: a sentence" };
  const previous = "0".repeat(64);
  const hash = createHash("sha256")
    .update(`0\n${previous}\n${JSON.stringify(event)}`)
    .digest("hex");
  writeFileSync(file(), `${JSON.stringify({ seq: 0, previous, event, hash })}\n`);
}

test("a journal of another build is neither verified nor reported: one sentence says so", async () => {
  writtenByAnotherBuild();
  const why = "it was written by another build of crossfade, whose events this one does not know";
  const seen = await verify();
  expect(seen).toMatchObject({ code: 1, out: `UNREAD ${file()}: ${why}\n` });
  expect(seen.err).toContain("read it with the build that wrote it");
  expect(await report(["--journal", file()])).toMatchObject({ code: 1, out: "", err: expect.stringContaining(why) });
});

test("the next writer keeps it and begins a new one, whose first line says so", async () => {
  writtenByAnotherBuild();
  write(file(), "one").close();
  const { code, out } = await verify();
  expect(code).toBe(0);
  expect(out).toMatch(/whole {2}.*run\.jsonl: 2 lines/);
  expect(out).toMatch(/UNREAD .*other-build-.* \(a copy that was kept: damaged, or of another build\)/);
  expect(readFileSync(file(), "utf8")).toContain('"code":"journal-outdated"');
});

test("a cut last line is no damage, and is said", async () => {
  write(file(), "one").close();
  appendFileSync(file(), '{"seq":1,"pre');
  expect(await verify()).toMatchObject({
    code: 0,
    out: expect.stringContaining("a last line was cut short and does not count"),
  });
});

test("the files of second writers and those kept aside are checked too: a damaged one is not forgotten", async () => {
  write(file(), "one", "two").close();
  change(file(), '"text":"one"', '"text":"1"');
  const first = write(file(), "three");
  const second = write(file(), "beside");
  first.close();
  second.close();
  writeFileSync(join(folder, "run.jsonl.lock-of-another"), "not a journal");
  writeFileSync(join(folder, "running.jsonl"), "another cluster's");
  const { code, out } = await verify("--json");
  expect(code).toBe(1);
  const found = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(found).toMatchObject([
    { file: file(), kind: "journal", lines: 2, broken: null },
    { kind: "second-writer", lines: 1, broken: null },
    {
      kind: "kept-aside",
      lines: 0,
      head: null,
      broken: { line: 1, why: expect.stringContaining("hash does not fit") },
    },
  ]);
  expect((await verify()).out).toMatch(/BROKEN .*damaged-.* \(a copy that was kept: damaged, or of another build\)/);
});

test("no journal at all is said with exit code 2", async () => {
  expect(await verify()).toMatchObject({ code: 2, err: expect.stringContaining(`there is no journal ${file()}`) });
});

test("a damaged journal tells no run", async () => {
  write(file(), "one", "two").close();
  change(file(), '"text":"two"', '"text":"2"');
  expect(await report(["--journal", file()])).toMatchObject({ code: 1, out: "" });
});

test("the cluster's own journal is found though no cluster answers", async () => {
  const kubeconfig = join(folder, "kubeconfig");
  const server = "https://127.0.0.1:1";
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      "current-context": "gone",
      contexts: [{ name: "gone", context: { cluster: "gone", user: "u" } }],
      clusters: [{ name: "gone", cluster: { server } }],
      users: [{ name: "u", user: {} }],
    }),
  );
  const env = { XDG_STATE_HOME: folder, KUBECONFIG: kubeconfig };
  write(journalPath({ context: "gone", server }, env), "one").close();
  expect(await report(["--verify"], env)).toMatchObject({ code: 0, out: expect.stringContaining(": 1 line, ") });
});
