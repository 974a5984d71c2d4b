import { describe, expect, test } from "vitest";
import { argumentVector } from "../../src/commands/flags/argument-vector.ts";
import { visible } from "../../src/commands/headless/visible.ts";
import { commandLine } from "../support/command-line.ts";

const crossfade = (...argv: readonly string[]) =>
  commandLine({ HOME: "/nonexistent", KUBECONFIG: "/nonexistent/config" }, ...argv);

describe("help", () => {
  test("--help names every command and every exit code", async () => {
    const { code, out } = await crossfade("--help");
    expect(code).toBe(0);
    for (const word of [
      "demo",
      "lab",
      "preflight",
      "plan",
      "migrate",
      "status",
      "pause",
      "resume",
      "rollback NODE | --all",
      "report",
    ])
      expect(out).toContain(word);
    for (const number of ["0", "1", "2", "3", "4", "5", "130"]) expect(out).toMatch(new RegExp(`^  ${number} `, "m"));
    expect(out).not.toMatch(/^ {2}engine/m);
  });

  test("a command explains its flags", async () => {
    const { out } = await crossfade("migrate", "--help");
    expect(out).toContain("--consent LIST");
    expect(out).toContain("--reboot METHOD");
  });

  test("flags may stand before the command, and a near miss is told", async () => {
    const ahead = await crossfade("--context", "plan", "status");
    expect(ahead).toMatchObject({ code: 2, err: expect.stringContaining("/nonexistent/config") });
    expect(await crossfade("plna")).toMatchObject({
      code: 2,
      err: expect.stringContaining("did you mean crossfade plan?"),
    });
    expect(await crossfade("plan", "--contxt", "x")).toMatchObject({
      code: 2,
      err: expect.stringContaining("did you mean --context?"),
    });
  });

  test("what cannot be accepted, and what is no check, is a usage error that lists what can be", async () => {
    const acceptable = "checks that can be accepted: admission, budgets-blocked, budgets-shared";
    for (const [name, why] of [
      ["cidr-disjoint", "what this check finds cannot be accepted, neither time nor an operator clears it"],
      ["budgets-blokced", "there is no such check"],
    ] as const) {
      const { code, out, err } = await crossfade("migrate", "--headless", "--accept", `budgets-shared,${name}`);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain(`--accept ${name}: ${why}`);
      expect(err).toContain(acceptable);
    }
  });

  test.each([
    [["--second-reboot-round", "--reboot", "kind"], "--second-reboot-round does not go with --reboot kind"],
    [["--second-reboot-round", "--reboot", "none"], "--second-reboot-round does not go with --reboot none"],
    [["--backup-taken", " "], "--backup-taken names no backup"],
    [["--backup-taken", "x".repeat(201)], "--backup-taken is longer than 200 characters"],
  ])("%j is a usage error", async (flags, why) => {
    const { code, err } = await crossfade("plan", ...flags);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(why) });
  });

  test("help, help of one command, and version are commands too", async () => {
    expect((await crossfade("help")).out).toBe((await crossfade("--help")).out);
    expect((await crossfade("help", "migrate")).out).toBe((await crossfade("migrate", "--help")).out);
    expect((await crossfade("version")).out).toBe((await crossfade("--version")).out);
  });

  test("the lab's scenarios are a list", async () => {
    expect(await crossfade("lab", "--scenario", "list")).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringMatching(/^\S+ {2,}\S.*\n\S/),
    });
  });

  test("--version says the version", async () => {
    expect((await crossfade("--version")).out).toMatch(/^crossfade \S+\n$/);
  });
});

describe("wrong command lines get one sentence, the next step and exit code 2", () => {
  test.each<readonly [readonly string[], RegExp]>([
    [["plan", "--probe-image", "agnhost@sha256:12"], /is not an image with a digest/],
    [["plan", "--probe-image", "--privileged"], /probe-image/],
    [["plan", "--probe-image=-x"], /is not the name of an image/],
    [["plan", "--probe-image", "a b"], /is not the name of an image/],
    [["plan", "--probe-image", "reg.example/A:1"], /is not the name of an image/],
    [["fly"], /there is no command "fly"/],
    [["migrate", "--fast"], /Unknown option '--fast'/],
    [["migrate", "--reboot", "sometimes"], /--reboot sometimes is not known\n {2}→ it is one of: none, manual/],
    [["migrate", "--reboot", "command"], /needs a command/],
    [["migrate", "--reboot", "kind", "--reboot-command", "ssh {node}"], /does not go with/],
    [["migrate", "--soak", "soon"], /--soak soon is not a duration/],
    [["migrate", "--tunnel-port", "99999"], /not a whole number from 1 to 65535/],
    [["migrate", "--consent", "nodes,all"], /--consent all is not known/],
    [["migrate", "--helm-values", "/nonexistent.yaml"], /there is no values file/],
    [["migrate", "now"], /one word too many/],
    [["rollback"], /rollback takes one node, or --all/],
    [["rollback", "a", "b"], /rollback takes one node, or --all/],
    [["retry"], /retry takes one node/],
    [["skip", "a", "b"], /skip takes one node/],
    [["migrate", "--max-failures", "2"], /--max-failures does not go with --on-node-failure stop/],
    [["migrate", "--on-node-failure", "ignore"], /--on-node-failure ignore is not known/],
    [["demo", "--scenario", "nonsense"], /the lab has no scenario nonsense: it plays node-never-returns, /],
    [["lab", "--nodes", "0"], /--nodes 0 is not a whole number/],
    [["lab", "--speed", "-1"], /argument|not a number above 0/],
    [["demo", "--kubeconfig", "x"], /Unknown option|brings its own cluster/],
    [["status\u001b[2J"], /there is no command "status\\u001b\[2J"/],
  ])("%j", async (argv, expected) => {
    const { code, err, out } = await crossfade(...argv);
    expect(err).toMatch(expected);
    expect(err).not.toMatch(/\n\s+at /);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  test("no kubeconfig says where it looked", async () => {
    const { code, err } = await crossfade("status");
    expect(err).toContain("/nonexistent/config");
    expect(code).toBe(2);
  });
});

describe("argument vectors", () => {
  test.each([
    ["ssh {node} sudo reboot", ["ssh", "{node}", "sudo", "reboot"]],
    ["sh -c 'sleep 1; reboot'", ["sh", "-c", "sleep 1; reboot"]],
    ['az vm restart --name "{node}"', ["az", "vm", "restart", "--name", "{node}"]],
    ["a $(b) | c", ["a", "$(b)", "|", "c"]],
  ])("%s", (text, expected) => {
    expect(argumentVector(text, "reboot-command")).toEqual(expected);
  });

  test.each(["", "  ", "ssh 'open"])("%j cannot be split", (text) => {
    expect(() => argumentVector(text, "reboot-command")).toThrow("cannot be split");
  });
});

test("control characters of a cluster's strings are made visible", () => {
  expect(visible("a\u001b[2Jb\u0007\u202ec\nd")).toBe("a\\u001b[2Jb\\u0007\\u202ec d");
});
