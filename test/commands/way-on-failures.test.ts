import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commandLine } from "../support/command-line.ts";
import { World } from "../support/lab/lab-run.ts";

let world: World;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "way-on-failures-"));
});

afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Machine {
  readonly name: string;
  /** A folder that comes first on the PATH. */
  readonly bin?: string;
}

/** One command line on a machine that has a state folder of its own. */
function crossfade(command: string, { name, bin }: Machine = { name: "first" }) {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const env = world.environment() as Record<string, string>;
  const path = bin === undefined ? env.PATH : [bin, env.PATH].join(delimiter);
  return commandLine(
    { ...env, PATH: path ?? "", HOME: home, XDG_STATE_HOME: home, XDG_RUNTIME_DIR: home },
    ...command.split(" "),
  );
}

/** What the output prints as the way on, word for word. */
function printed({ out, err }: { readonly out: string; readonly err: string }, fits: RegExp): string {
  const found = fits.exec(`${out}${err}`)?.[0];
  if (found !== undefined) return found.replace(/^crossfade /, "");
  throw new Error(`nothing like ${String(fits)} is printed:\n${out.split("\n").slice(-15).join("\n")}${err}`);
}

/** A helm that installs nothing. */
function brokenHelm(): string {
  const bin = join(folder, "broken");
  mkdirSync(bin);
  const real = join(world.helm?.binDir ?? "", "helm");
  const refuses = `[ "$1" = upgrade ] && { echo "Error: UPGRADE FAILED: out of sorts" >&2; exit 1; }`;
  writeFileSync(join(bin, "helm"), `#!/bin/sh\n${refuses}\nexec '${real}' "$@"\n`);
  chmodSync(join(bin, "helm"), 0o755);
  return bin;
}

const short = "--soak 0 --reboot none --retries 0";

test("a step of the run that failed, a record of another machine and a node that failed go on by what is printed", async () => {
  world = await World.make({ seed: 11, scenario: "budget-allows-none" });
  const failedStep = await crossfade(`migrate --headless --consent nodes ${short} --drain-timeout 1m`, {
    name: "first",
    bin: brokenHelm(),
  });
  expect(failedStep).toMatchObject({ code: 1, out: expect.stringContaining("out of sorts") });
  const resume = printed(failedStep, /crossfade resume/);

  const other = { name: "second" };
  const asked = await crossfade(resume, other);
  expect(asked).toMatchObject({ code: 4, err: expect.stringContaining("was not agreed to on this machine") });
  const failedNode = await crossfade(`${resume} ${printed(asked, /--agree [0-9a-f]{12}/)}`, other);
  expect(failedNode).toMatchObject({ code: 1, out: expect.stringContaining("PodDisruptionBudget invoices allows 0") });

  world.lab.store.delete("policy/poddisruptionbudgets", "shop", "invoices");
  const moved = await crossfade(printed(failedNode, /crossfade retry worker-1/), other);
  expect(moved.code).toBe(3);
  expect(printed(moved, /crossfade resume --consent finalize/)).toBe("resume --consent finalize");
});

// Fifteen seconds of it are the reboot's time limit: a command line has the wall's clock.
test("a run that waits for a node that is set aside goes on, and takes it in again, by what is printed", async () => {
  // Three workers: with one away and one drained the pods have a place, and their budgets allow the next.
  world = await World.make({ seed: 12, scenario: "node-never-returns", nodes: 4, speed: 30 });
  const aside = await crossfade(
    "migrate --headless --consent nodes --soak 0 --retries 0 --on-node-failure skip --reboot-timeout 15s",
  );
  const node = /failed: (\S+) to become Ready: rollback/.exec(aside.out)?.[1] ?? "";
  expect(aside).toMatchObject({ code: 1, out: expect.stringContaining(`kubectl delete node ${node}`) });
  expect((await crossfade("status")).out).toContain("crossfade resume rolls it back then");
  world.lab.machines.get(node)?.faults.clear();
  await world.until("the machine to come up", () => world.lab.machines.get(node)?.up === true);
  const back = await crossfade(printed(aside, /crossfade resume/));
  expect(back.out).toContain(`${node} to be included`);
  const again = await crossfade(printed(back, new RegExp(`crossfade include (${node}|--all)`)));
  expect(again.code).toBe(3);
  expect(printed(again, /crossfade resume --consent finalize/)).toBe("resume --consent finalize");
});

test("what preflight blocks says the flag that lets it begin", async () => {
  world = await World.make({ seed: 13, scenario: "bare-pod" });
  const blocked = await crossfade(`migrate --headless ${short}`);
  expect(blocked).toMatchObject({ code: 4, out: expect.stringContaining("blocked: preflight:") });
  const begun = await crossfade(`migrate --headless ${short} ${printed(blocked, /--delete-bare-pods/)}`);
  expect(begun.code).toBe(3);
  expect(printed(begun, /crossfade migrate --headless --consent nodes|--consent nodes/)).toContain("--consent nodes");
});
