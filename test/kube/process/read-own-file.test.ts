import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChosenContext } from "../../../src/kube/auth/kubeconfig.ts";
import { UserCredentials } from "../../../src/kube/auth/user-credentials.ts";
import { readOwnFile } from "../../../src/kube/process/read-own-file.ts";
import { commandLine } from "../../support/command-line.ts";
import { inWords } from "../../support/said.ts";

const folder = mkdtempSync(path.join(tmpdir(), "read-own-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string) => path.join(folder, name);
const config = inFolder("config");

beforeAll(() => {
  execFileSync("mkfifo", [inFolder("pipe")]);
  mkdirSync(inFolder("folder"));
  writeFileSync(inFolder("huge"), "");
  // Without a byte of it on the disk.
  truncateSync(inFolder("huge"), 2 ** 34);
  const clusters = [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }];
  const contexts = [{ name: "c", context: { cluster: "c" } }];
  writeFileSync(config, JSON.stringify({ "current-context": "c", clusters, contexts }));
});

/** What cannot be read to its end, and the half sentence about it. */
const odd = [
  ["pipe", /it is a pipe and not a file/],
  ["folder", /it is a folder and not a file/],
  ["/dev/zero", /it is a device and not a file/],
  ["/dev/tty", /it is a device and not a file|ENXIO|ENODEV/],
  ["huge", /it is longer than the \d+ MiB that are read of it/],
] as const;
const place = (name: string) => (path.isAbsolute(name) ? name : inFolder(name));

test("a file is read as it is, through a link too, and up to its limit", () => {
  writeFileSync(inFolder("text"), "grüezi");
  symlinkSync(inFolder("text"), inFolder("link"));
  expect(readOwnFile(inFolder("link"), 7)).toBe("grüezi");
  expect(() => readOwnFile(inFolder("text"), 6)).toThrow(/longer/);
  // A file that has no size, and one that has no end.
  expect(readOwnFile("/proc/self/status", 65_536)).toMatch(/^Name:/);
  expect(() => readOwnFile("/proc/self/status", 100)).toThrow(/longer/);
});

describe.each(odd)("%s ends the program with one sentence", (name, why) => {
  const sentence = { code: 2, out: "", err: expect.stringMatching(why) };
  const env = { HOME: "/nonexistent", XDG_RUNTIME_DIR: folder };

  test("as a kubeconfig, by flag and by the environment", async () => {
    expect(await commandLine(env, "status", "--kubeconfig", place(name))).toMatchObject(sentence);
    expect(await commandLine({ ...env, KUBECONFIG: place(name) }, "status")).toMatchObject(sentence);
  });

  test("as a values file", async () => {
    const argv = ["plan", "--kubeconfig", config, "--helm-values", place(name)];
    expect(await commandLine(env, ...argv)).toMatchObject(sentence);
  });

  test.each(["tokenFile", "client-certificate", "certificate-authority"])("as the kubeconfig's %s", async (field) => {
    const part = { [field]: place(name), "client-key": inFolder("text") };
    const chosen: ChosenContext = {
      context: "c",
      kubeconfigPath: config,
      server: "https://127.0.0.1:1",
      cluster: field === "certificate-authority" ? part : {},
      user: field === "certificate-authority" ? {} : part,
    };
    const credentials = new UserCredentials(chosen, { env: {}, mayPrompt: false });
    await expect(inWords(credentials.current())).rejects.toMatchObject({
      code: "KUBECONFIG",
      message: expect.stringMatching(why),
    });
  });
});
