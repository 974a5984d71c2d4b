import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Command } from "../../src/commands/command.ts";
import { commands } from "../../src/commands/commands.ts";
import { exitCodeHelp } from "../../src/commands/exit-codes.ts";
import { livePanel } from "../../src/commands/panel.ts";
import { rightsFor } from "../../src/commands/usual-rights.ts";
import { defaultPlanInput } from "../../src/engine/plan/plan-input.ts";
import { namespaceOf } from "../../src/kube/ports/permissions.ts";
import { rightsUpTo } from "../../src/kube/ports/rights.ts";

const root = new URL("../../", import.meta.url).pathname;

const under = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);

const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...under("docs")];
const textOf = (page: string) => readFileSync(join(root, page), "utf8");

/** Text between backticks and lines of shell blocks: where commands and paths are named. */
function codeOf(page: string): readonly string[] {
  const text = textOf(page);
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, body = ""]) => body.split("\n"));
  const spans = [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  return [...blocks.map((line) => line.replace(/(^|\s)#\s.*$/, "")), ...spans];
}

interface Line {
  readonly page: string;
  readonly line: string;
}

const code: readonly Line[] = pages.flatMap((page) => codeOf(page).map((line) => ({ page, line })));

/** How the pages start the program; the rest of the line is its arguments. */
const starts =
  /^(?:npx )?(?:crossfade|npm run crossfade --|npm run (demo) --|node (?:dist\/crossfade\.mjs|src\/crossfade\.ts))(?:\s+(.*))?$/;

interface Call extends Line {
  readonly words: readonly string[];
}

const calls: readonly Call[] = code.flatMap(({ page, line }) => {
  const found = starts.exec(line.trim());
  if (!found) return [];
  const [, demo = "", rest = ""] = found;
  return [{ page, line, words: `${demo} ${rest}`.split(/\s+/).filter((word) => word !== "") }];
});

const commandOf = ({ words: [first = ""] }: Call): Command | undefined =>
  first === "" || first.startsWith("-") ? livePanel : commands.find(({ name }) => name === first);

const flagsOf = ({ words }: Call) =>
  words.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=")[0] ?? "");

const anyFlag: ReadonlySet<string> = new Set([
  "help",
  "version",
  ...[livePanel, ...commands].flatMap(({ flags }) => Object.keys(flags)),
]);

describe("commands that the pages name", () => {
  test("there are some on the README, the demo and the lab among them", () => {
    const named = calls.filter(({ page }) => page === "README.md").map(({ words }) => words[0]);
    expect(named).toEqual(
      expect.arrayContaining(["demo", "lab", "preflight", "plan", "migrate", "rollback", "status"]),
    );
  });

  test("each is a command of the program, and not a hidden one where people are told to run it", () => {
    const wrong = calls.filter((call) => {
      const command = commandOf(call);
      return command === undefined || (command.hidden === true && call.page !== "docs/codebase-guide.md");
    });
    expect(wrong.map(({ page, line }) => `${page}: ${line}`)).toEqual([]);
  });

  test("each flag is one of its command", () => {
    const wrong = calls.flatMap((call) => {
      const known = commandOf(call)?.flags ?? {};
      return flagsOf(call)
        .filter((flag) => !(flag in known) && flag !== "help")
        .map((flag) => `${call.page}: ${call.line}: --${flag}`);
    });
    expect(wrong).toEqual([]);
  });

  test("a flag that stands alone is a flag of some command", () => {
    const wrong = code
      // Decisions also speak of other programs' flags.
      .filter(({ page, line }) => /^--[a-z]/.test(line) && !page.startsWith("docs/decisions/"))
      .filter(({ line }) => !anyFlag.has(/^--([a-z-]+)/.exec(line)?.[1] ?? ""))
      .map(({ page, line }) => `${page}: ${line}`);
    expect(wrong).toEqual([]);
  });

  test("every command that --help lists is on the README or the page about real clusters", () => {
    const named = new Set(calls.map(({ words }) => words[0]));
    expect(commands.filter(({ name, hidden }) => hidden !== true && !named.has(name)).map(({ name }) => name)).toEqual(
      [],
    );
  });

  test("the README's scripts are in package.json", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { readonly scripts: Readonly<Record<string, string>> };
    const named = code.flatMap(({ line }) => [...line.matchAll(/npm run ([a-z-]+)/g)].map(([, name = ""]) => name));
    expect(named).toContain("demo");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect(textOf("README.md")).toContain("npm ci && npm run demo\nnpm ci && npm test\n");
  });
});

describe("what the pages point at", () => {
  const links = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ page, target })),
  );

  test("every relative link leads to a file", () => {
    const broken = links.filter(({ page, target }) => {
      const [path = ""] = target.split("#");
      return path !== "" && !existsSync(join(root, dirname(page), path));
    });
    expect(links.length).toBeGreaterThan(20);
    expect(broken).toEqual([]);
  });

  test("every anchor is a heading of its page", () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .trim()
        .replace(/\s+/g, "-");
    const broken = links.filter(({ page, target }) => {
      const [path = "", anchor] = target.split("#");
      if (anchor === undefined) return false;
      const text = textOf(path === "" ? page : join(dirname(page), path));
      return ![...text.matchAll(/^#+ (.*)$/gm)].some(([, heading = ""]) => slug(heading) === anchor);
    });
    expect(broken).toEqual([]);
  });

  test("every path of the repository that is named is there", () => {
    const named = code.flatMap(({ page, line }) =>
      (line.match(/(?<![\w/.-])(?:src|test|scripts|tools|docs|bench)\/[\w./-]*\w(?![*\w])/g) ?? []).map((path) => ({
        page,
        path,
      })),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("files named beside one of the guide's paths are there too", () => {
    const rows = textOf("docs/codebase-guide.md").split("\n");
    const missing = rows.flatMap((row) => {
      const [cell = ""] = /^\| (`[^|]+) \|/.exec(row)?.slice(1) ?? [];
      const [first = "", ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
      if (!first.startsWith("src/")) return [];
      const folder = dirname(first);
      return others.filter((name) => !name.startsWith("src/") && !existsSync(join(root, folder, name)));
    });
    expect(missing).toEqual([]);
  });
});

describe("what the pages say of the program", () => {
  test.each(["README.md", "docs/real-cluster.md"])("the exit codes of %s are those of --help", (page) => {
    const rows = [...textOf(page).matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, exit, meaning]) => [
      Number(exit),
      meaning,
    ]);
    expect(rows).toEqual(exitCodeHelp.map((pair) => [...pair]));
  });

  test("the rights are those that preflight asks for", () => {
    const onFlannel = rightsFor("kube-system", { id: "flannel" });
    const wanted = rightsUpTo("finalize", onFlannel).map((right) => {
      const { stage, group, resource, verbs, names } = right;
      const namespace = namespaceOf(right, onFlannel);
      const what = `\`${resource}${group === "" ? "" : `.${group}`}\``;
      const where = namespace === null ? "everywhere" : `\`${namespace}\``;
      const which = names === undefined ? "all" : names.map((name) => `\`${name}\``).join(", ");
      return `| ${stage} | ${what} | ${where} | ${which} | ${verbs.join(", ")} |`;
    });
    const rows = textOf("docs/rights.md")
      .split("\n")
      .filter((line) => /^\| (view|request|operate|finalize) /.test(line));
    expect(rows).toEqual(wanted);
  });

  test("the default version of Cilium is the one that the README names", () => {
    expect(textOf("README.md")).toContain(`${defaultPlanInput.ciliumVersion} is the default`);
  });

  test("the README's Node is the one that package.json asks for", () => {
    const { engines } = JSON.parse(textOf("package.json")) as { readonly engines: { readonly node: string } };
    expect(textOf("README.md")).toContain(`Node ${engines.node.replace(">=", "")} or newer`);
  });

  test("every decision ends in what was considered but not adopted, and is a page at most", () => {
    for (const page of under("docs/decisions")) {
      const text = textOf(page);
      expect([page, text.split("\n").length]).toEqual([page, expect.toSatisfy((lines: number) => lines <= 60)]);
      expect([page, /Considered but not adopted/.test(text)]).toEqual([page, true]);
      expect([page, /^## /m.test(text.split("Considered but not adopted")[1] ?? "")]).toEqual([page, false]);
    }
  });

  test("decisions have numbers of their own", () => {
    const numbers = under("docs/decisions").map((page) => /\/(\d{4})-/.exec(page)?.[1]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
