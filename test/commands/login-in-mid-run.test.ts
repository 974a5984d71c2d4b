import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PassThrough } from "node:stream";
import { createLab, type Lab } from "crossfade-lab/lab.ts";
import { defaultLabOptions } from "crossfade-lab/lab-options.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import { exitCodes } from "../../src/commands/exit-codes.ts";
import { type QuickHelm, quickHelm } from "../support/lab/quick-helm.ts";

let lab: Lab;
let helm: QuickHelm;
const folder = mkdtempSync(join(tmpdir(), "login-"));
const ended = join(folder, "sso.end");

/** A kubeconfig whose plugin is asked for each request, and fails for as long as the session is over. */
function kubeconfig(): string {
  const script = join(folder, "plugin");
  const apiVersion = "client.authentication.k8s.io/v1";
  const fails = `if [ -e ${ended} ]; then echo 'The SSO session for prod has expired' >&2; exit 255; fi`;
  // Renewed ten seconds before its end: every few seconds of the run.
  const head = `{"apiVersion":"${apiVersion}","kind":"ExecCredential"`;
  const answer = `printf '${head},"status":{"token":"of-the-plugin","expirationTimestamp":"%s"}}' "$(date -u -d '+13 seconds' +%FT%TZ)"`;
  writeFileSync(script, `#!/bin/sh\n${fails}\n${answer}\n`, { mode: 0o700 });
  const file = join(folder, "kubeconfig");
  const exec = [
    `    exec:`,
    `      apiVersion: ${apiVersion}`,
    `      command: ${script}`,
    "      interactiveMode: Never",
  ];
  const admins = readFileSync(lab.address.kubeconfig, "utf8");
  writeFileSync(file, admins.replace(/( +token: .*)/, `$1\n${exec.join("\n")}`), { mode: 0o600 });
  return file;
}

beforeAll(async () => {
  lab = await createLab({ ...defaultLabOptions, nodes: 3, pods: 6, speed: 60, seed: 5 });
  mkdirSync(join(folder, "runtime"), { mode: 0o700 });
  helm = await quickHelm(folder);
});
afterAll(async () => {
  helm.close();
  await lab.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a plugin that fails in mid-run is waited for in its own words, and the run goes on by itself", async () => {
  let out = "";
  let over = false;
  const lines = Object.assign(new PassThrough(), {
    write: (text: string) => {
      out += text;
      // The session ends in the middle of a node, and somebody logs in again once the run has said so.
      if (!over && /"node-step-started".*"drain"/.test(text)) {
        over = true;
        writeFileSync(ended, "");
      }
      if (/"run-held".*The SSO session for prod has expired/.test(text)) rmSync(ended, { force: true });
      return true;
    },
  }) as unknown as NodeJS.WriteStream;
  const code = await main(
    ["migrate", "--headless", "--json", "--consent", "nodes", "--reboot", "none", "--soak", "0s"],
    {
      env: {
        HOME: folder,
        PATH: [helm.binDir, lab.address.binDir, process.env["PATH"] ?? ""].join(delimiter),
        XDG_STATE_HOME: join(folder, "state"),
        XDG_RUNTIME_DIR: join(folder, "runtime"),
        KUBECONFIG: kubeconfig(),
      },
      stdin: new PassThrough() as unknown as NodeJS.ReadStream,
      stdout: lines,
      stderr: new PassThrough() as unknown as NodeJS.WriteStream,
      signal: new AbortController().signal,
    },
  );
  expect(out.includes("The SSO session for prod has expired")).toBe(true);
  expect(out.includes('"node-failed"')).toBe(false);
  expect([code, out.includes("--consent finalize gives it")]).toEqual([exitCodes.waiting, true]);
});
