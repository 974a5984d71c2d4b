import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandLine } from "../support/command-line.ts";
import { World } from "../support/lab/lab-run.ts";

let world: World;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "way-on-"));
  world = await World.make({ seed: 7 });
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const crossfade = (command: string) => {
  const env = {
    ...(world.environment() as Record<string, string>),
    HOME: folder,
    XDG_STATE_HOME: folder,
    XDG_RUNTIME_DIR: folder,
  };
  return commandLine(env, ...command.split(" "));
};

/** The command that the output prints, as it is printed. */
const printed = (out: string, fits: RegExp): string => {
  const found = fits.exec(out)?.[0];
  if (found === undefined)
    throw new Error(`no command like ${String(fits)} is printed:\n${out.split("\n").slice(-12).join("\n")}`);
  return found.replace(/^crossfade /, "");
};

test("from every state in which a run without a panel ends, the command that it prints goes on, to the end", async () => {
  const left = await crossfade("migrate --headless --consent nodes --soak 0 --reboot none --exclude worker-2");
  expect(left).toMatchObject({ code: 3, out: expect.stringContaining("worker-2 to be included") });
  expect((await crossfade("status")).out).toContain("crossfade include worker-2 includes it again");

  const back = await crossfade("rollback worker-1 --yes");
  expect(back).toMatchObject({ code: 0, out: expect.stringContaining("worker-1 is on its old CNI again") });
  expect((await crossfade("status")).out).toMatch(/worker-1: on its old CNI again; crossfade include worker-1/);

  const resumed = await crossfade(printed(back.out, /crossfade resume/));
  expect(resumed.code).toBe(3);
  const included = await crossfade(printed(resumed.out, /crossfade include --all/));
  expect(included.code).toBe(3);

  const finalized = await crossfade(printed(included.out, /crossfade resume --consent finalize/));
  expect(finalized.code).toBe(3);
  const removed = await crossfade(printed(finalized.out, /crossfade resume --consent remove-source/));
  expect(removed).toMatchObject({ code: 0, out: expect.stringContaining("migrated: every node is on Cilium") });
});
