import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/commands/commands.ts";
import { commandHelp, programHelp } from "../../src/commands/help.ts";
import { livePanel } from "../../src/commands/panel.ts";
import { lines, panel } from "../../src/words/audience.ts";
import { explain } from "../../src/words/explain.ts";
import { proseOf } from "../support/prose-of-source.ts";
import { samples } from "./sample-reasons.ts";

/** Words that once stood for things that have a name: the pattern, and what is said in its place. */
const oldWords: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\baside\b/i, "deferred"],
  [
    /\b(take|takes|taken|taking|took|give|gives|given|giving) (\S+ )?back\b/i,
    "roll back, rolled back; of a lease: release",
  ],
  [/\bway back\b/i, "rollback"],
  [/\bway there\b/i, "migration"],
  [/\bnodes? (is|are|was|were) restored\b/i, "rolled back"],
  [/\b(leave|leaves|left|leaving) (\S+ )?out\b/i, "exclude, excluded"],
  [/\b(undo|undoes|undone|undoing)\b/i, "roll back, rolled back, rollback"],
  [/\bgate\b/i, "precheck"],
  [/\bsweeps?\b/i, "recycle pods"],
  [/\b(proof|prove|proves|proved|proven|proving)\b/i, "verify, verified"],
  [/\b(hand|hands|handed|handing)[ -](it |them |nodes |the run )?over\b/i, "enable Cilium on; of a run: release"],
  [/\bwatchers?\b/i, "observer"],
  [/\btouches\b/i, "changes, planned change"],
  [/\bverdicts?\b/i, "check result"],
  [/\blife\b/i, "node state"],
  [/\b(nobody|somebody|whoever|whomever)\b/i, "no one, another user, anyone who; or say who it is"],
  [/\banew\b/i, "again"],
  [/\bheed(s|ed|ing)?\b/i, "use, respect"],
  [/\bbears?\b/i, "has, carries"],
  [/\bmend(s|ed|ing)?\b/i, "fix, repair"],
  [/\bdear\b/i, "expensive"],
  [/\b(haste|greet(s|ed|ing)?|pulse|spoken|deck|pursue[sd]?)\b/i, "an ordinary word"],
  [/\bwish(es|ed)?\b/i, "request, ask for"],
  [/\bin hand\b/i, "current, being worked on"],
  [/\bstands still\b|\bstand still\b/i, "pauses, is stopped"],
];

const root = new URL("../../", import.meta.url).pathname;

const under = (folder: string, ending: RegExp): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => `${folder}/${name}`);

interface Said {
  readonly where: string;
  readonly text: string;
}

const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Lines of a page, without links' targets and code spans: those hold names of files, of which another test speaks. */
const linesOf = (page: string): readonly Said[] =>
  read(page)
    .replace(/`[^`\n]+`/g, "`…`")
    .replace(/\]\([^)]+\)/g, "](…)")
    .split("\n")
    .map((text, index) => ({ where: `${page}:${index + 1}`, text }));

const literalsOf = (file: string): readonly Said[] =>
  proseOf(read(file)).map(({ line, text }) => ({ where: `${file}:${line}`, text }));

/** Where a word of the list stands rightly: the reason, and the text that holds it. */
const exceptions: readonly (readonly [why: string, where: RegExp, text: RegExp])[] = [
  ["the name of a setting of Cilium's operator", /^docs\/steps\.md/, /pod watcher/],
  ["a type of events of Cilium's monitor", /^src\/kube\/nodes\/policy-verdicts\.ts/, /monitor -t policy-verdict/],
];

/** Not gone over yet. A file leaves this list and never comes to it. */
const notYet: readonly string[] = [
  "docs/codebase-guide.md",
  "docs/performance.md",
  "docs/decisions/0001-keys-through-a-stream-of-our-own.md",
  "docs/decisions/0002-rollback-steps.md",
  "docs/decisions/0003-reaching-nodes.md",
  "docs/decisions/0004-node-lts-workspace.md",
  "docs/decisions/0005-embedded-cluster.md",
  "docs/decisions/0006-observers.md",
  "docs/decisions/0007-set-aside.md",
  "docs/decisions/0008-agreed-on-this-machine.md",
  "docs/decisions/0009-reboot-starts-the-agent.md",
  "docs/decisions/0010-the-chart-is-pinned.md",
  "docs/decisions/0011-what-runs-when.md",
  "docs/decisions/0022-seals-and-the-journal-chain.md",
  "docs/decisions/0023-own-screen-writer.md",
  "docs/decisions/0025-rooms.md",
  "src/engine/plan/plan.ts",
  "src/engine/plan/planned-changes.ts",
];

function oldIn(said: readonly Said[]): readonly string[] {
  return said
    .filter(({ where }) => !notYet.some((file) => where.startsWith(`${file}:`)))
    .filter(({ where, text }) => !exceptions.some(([, there, what]) => there.test(where) && what.test(text)))
    .flatMap(({ where, text }) =>
      oldWords.flatMap(([pattern, instead]) => {
        const found = pattern.exec(text);
        return found ? [`${where}: "${found[0]}" (say: ${instead}): ${text.trim().slice(0, 200)}`] : [];
      }),
    );
}

describe("words of the old dialect are in nothing that a person reads", () => {
  test.each([
    "README.md",
    "CONTRIBUTING.md",
    "packages/lab/README.md",
    "packages/lab/FIDELITY.md",
    ...under("docs", /\.md$/),
  ])("%s", (page) => {
    expect(oldIn(linesOf(page))).toEqual([]);
  });

  test("--help of the program and of every command", () => {
    const pages: readonly Said[] = [
      { where: "--help", text: programHelp(commands) },
      ...[livePanel, ...commands].map((command) => ({ where: `${command.name} --help`, text: commandHelp(command) })),
    ];
    expect(oldIn(pages.flatMap(({ where, text }) => text.split("\n").map((line) => ({ where, text: line }))))).toEqual(
      [],
    );
  });

  test.each([panel, lines])("every reason, as it is told (%#)", (audience) => {
    const said = samples.flatMap(({ code, reason }) => {
      const { text, clearedBy, remedy } = explain(reason, audience);
      return [text, clearedBy, remedy ?? ""].map((part) => ({ where: `reason ${code}`, text: part }));
    });
    expect(oldIn(said)).toEqual([]);
  });

  test.each(["words", "store", "components", "commands", "runner", "journal", "screen", "engine", "kube"])(
    "texts of src/%s",
    (part) => {
      expect(oldIn(under(`src/${part}`, /\.tsx?$/).flatMap(literalsOf))).toEqual([]);
    },
  );

  test("texts of the lab's scenarios", () => {
    expect(oldIn(under("packages/lab/scenarios", /\.ts$/).flatMap(literalsOf))).toEqual([]);
  });
});
