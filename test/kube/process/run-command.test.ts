import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCommand } from "../../../src/kube/process/run-command.ts";
import { TestFence } from "../support/test-fence.ts";
import { until } from "../support/until.ts";

const folder = mkdtempSync(path.join(tmpdir(), "run-command-"));
afterAll(() => rmSync(folder, { recursive: true }));
const env = { PATH: process.env["PATH"] };

function script(name: string, body: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a wrapper script that hangs is ended with all that it started", async () => {
  const pidFile = path.join(folder, "pid");
  const argv = [script("wrapper", `sleep 60 &\necho $! > ${pidFile}\nwait`)];
  await expect(runCommand({ argv, env, timeoutMs: 500 })).rejects.toThrow(/wrapper did not end within/);
  const pid = Number(readFileSync(pidFile, "utf8"));
  await until("the end of what it started", () => !alive(pid));
});

test("a program that ended is not waited for because something it left behind holds its output", async () => {
  const pidFile = path.join(folder, "left");
  const argv = [script("leaves", `sleep 60 &\necho $! > ${pidFile}\necho done`)];
  const answer = await runCommand({ argv, env, timeoutMs: 30_000 });
  process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
  expect(answer).toMatchObject({ stdout: "done\n", exitCode: 0 });
});

test("a program that a signal ended says so", async () => {
  const answer = await runCommand({ argv: [script("crash", "kill -SEGV $$")], env, timeoutMs: 30_000 });
  expect(answer).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("SIGSEGV") });
});

test("arguments reach the program as they are, and no shell reads them", async () => {
  const trap = path.join(folder, "trap");
  const argument = `; touch ${trap} $(touch ${trap}) \`touch ${trap}\` | cat`;
  const answer = await runCommand({ argv: ["printf", "%s", argument], env, timeoutMs: 30_000 });
  expect(answer.stdout).toBe(argument);
  expect(existsSync(trap)).toBe(false);
});

test.each([
  ["alone", undefined],
  ["beside a keeper", new TestFence()],
])("a command %s reads what it is given on stdin, or nothing", async (_what, fence) => {
  const call = { argv: ["cat"], env, timeoutMs: 30_000, ...(fence === undefined ? {} : { fence }) };
  const input = "x".repeat(2 ** 20);
  expect(await runCommand({ ...call, input })).toMatchObject({ stdout: input, exitCode: 0 });
  expect(await runCommand(call)).toMatchObject({ stdout: "", exitCode: 0 });
  // One that ends without reading it has ended well.
  expect(await runCommand({ ...call, argv: ["true"], input })).toMatchObject({ exitCode: 0 });
});

/** A script that bears SIGTERM and tells by a growing file that it is alive. */
function stubborn(name: string): { readonly argv: readonly string[]; readonly beats: () => number } {
  const file = path.join(folder, `${name}-beats`);
  const argv = [script(name, `trap '' TERM\nwhile :; do echo x >> ${file}; sleep 0.05; done`)];
  return { argv, beats: () => (existsSync(file) ? readFileSync(file, "utf8").length : 0) };
}

async function comesToRest(beats: () => number): Promise<void> {
  let before = -1;
  let still = 0;
  await until("the command to end", () => {
    still = beats() === before ? still + 1 : 0;
    before = beats();
    return still > 60;
  });
}

test("a kept command goes on as long as the lease is renewed, and is killed when it is not", async () => {
  const fence = new TestFence();
  fence.leftMs = () => 1_500;
  const { argv, beats } = stubborn("kept");
  const renewing = setInterval(() => fence.renew(), 100);
  let over = false;
  const running = runCommand({ argv, env, timeoutMs: 60_000, fence }).finally(() => (over = true));
  await until("its start", () => beats() > 0);
  const endsAt = performance.now() + 2_000;
  await until("more than a term", () => performance.now() > endsAt);
  expect(over).toBe(false);
  clearInterval(renewing);
  expect(await running).toMatchObject({ cutOff: true });
  await comesToRest(beats);
});

test.each(["SIGKILL", "SIGSTOP"] as const)("a kept command does not outlive its engine's %s", async (signal) => {
  const { argv, beats } = stubborn(`engine-${signal}`);
  const engine = spawn(process.execPath, [new URL("../support/keeping-engine.ts", import.meta.url).pathname, ...argv], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await until("its start", () => beats() > 0);
  engine.kill(signal);
  await comesToRest(beats);
  engine.kill("SIGKILL");
});

test("a kept command's end, output and exit code come through", async () => {
  const fence = new TestFence();
  const argv = [script("speaks", "echo out; echo err >&2; exit 7")];
  const answer = await runCommand({ argv, env, timeoutMs: 30_000, fence });
  expect(answer).toEqual({ stdout: "out\n", stderr: "err\n", exitCode: 7, cutOff: false });
});
