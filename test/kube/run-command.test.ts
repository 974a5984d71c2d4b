import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCommand } from "../../src/kube/run-command.ts";
import { until } from "./support/until.ts";

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
  const started = performance.now();
  const answer = await runCommand({ argv, env, timeoutMs: 30_000 });
  process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
  expect(answer).toMatchObject({ stdout: "done\n", exitCode: 0 });
  expect(performance.now() - started).toBeLessThan(20_000);
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
