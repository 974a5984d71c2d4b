import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { chooseContext } from "../../../src/kube/auth/kubeconfig.ts";
import { UserCredentials } from "../../../src/kube/auth/user-credentials.ts";
import { nodeFacts } from "../../../src/kube/inventory/node-facts.ts";
import { kubeRebooter } from "../../../src/kube/nodes/rebooter.ts";
import { findProgram } from "../../../src/kube/process/find-program.ts";
import { runCommand } from "../../../src/kube/process/run-command.ts";
import { inWords } from "../../support/said.ts";
import { clientOf } from "../support/client-of.ts";
import { FakeServer, json } from "../support/fake-server.ts";

const folder = mkdtempSync(path.join(tmpdir(), "find-program-"));
afterAll(() => rmSync(folder, { recursive: true }));
const ran = path.join(folder, "ran");
/** The way to the planted programs from where this process stands: no absolute folder. */
const relative = path.relative(process.cwd(), folder);

function plant(name: string): void {
  writeFileSync(path.join(folder, name), `#!/bin/sh\necho ${name} >> ${ran}\n`);
  chmodSync(path.join(folder, name), 0o755);
}
for (const name of ["aws", "docker", "restart-it", "helm"]) plant(name);
mkdirSync(path.join(folder, "a-folder"));
writeFileSync(path.join(folder, "no-program"), "", { mode: 0o644 });
beforeEach(() => rmSync(ran, { force: true }));

const module = fileURLToPath(new URL("../../../src/kube/process/find-program.ts", import.meta.url));

test.each(["", ".", ":", "./", "..", "bin", `.:${path.join(folder, "nowhere")}`])(
  "PATH=%j finds nothing in the folder that somebody stands in",
  (PATH) => {
    mkdirSync(path.join(folder, "bin"), { recursive: true });
    const code = `import { findProgram } from ${JSON.stringify(module)};
      process.stdout.write(String(findProgram("aws", { PATH: ${JSON.stringify(PATH)} })));`;
    const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", code];
    const from = PATH === ".." ? path.join(folder, "bin") : folder;
    expect(execFileSync(process.execPath, args, { cwd: from, encoding: "utf8" })).toBe("null");
  },
);

test.each<[name: string, PATH: string | undefined, found: string | null]>([
  ["aws", folder, path.join(folder, "aws")],
  ["aws", `.:${folder}`, path.join(folder, "aws")],
  ["aws", undefined, null],
  ["a-folder", folder, null],
  ["no-program", folder, null],
  ["./aws", undefined, "./aws"],
  ["/x/aws", folder, "/x/aws"],
])("%s on PATH=%s", (name, PATH, found) => expect(findProgram(name, { PATH })).toBe(found));

describe("a relative folder of PATH decides about", () => {
  const { signal } = new AbortController();
  const env = { PATH: `${relative}:/usr/bin:/bin` };
  const nothingRan = () => expect(existsSync(ran) ? readFileSync(ran, "utf8") : "").toBe("");

  test("no credential plugin, whatever PATH the plugin itself is given", async () => {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "aws",
      env: [{ name: "PATH", value: folder }],
    };
    const context = { context: "x", kubeconfigPath: "", server: "http://127.0.0.1:1", cluster: {}, user: { exec } };
    const credentials = new UserCredentials(context, { env, mayPrompt: false });
    await expect(inWords(credentials.current())).rejects.toThrow(
      /plugin aws .* was not found: .*absolute folders of PATH/,
    );
    nothingRan();
  });

  test.each([{ method: "kind" }, { method: "command", argv: ["restart-it", "{node}"] }] as const)(
    "no program that reboots (%j)",
    async (method) => {
      const node = { metadata: { name: "n1" }, status: { nodeInfo: { bootID: "1" } } };
      await using server = await FakeServer.start((_seen, response) => json(response, 200, node));
      const client = clientOf(server.url);
      const rebooting = kubeRebooter(client, { PATH: relative }).reboot(nodeFacts(node), method, signal);
      await expect(inWords(rebooting)).rejects.toThrow(
        /could not be run: (docker|restart-it) is in none of the absolute folders/,
      );
      nothingRan();
      await client.close();
    },
  );

  test("no other command", async () => {
    await expect(runCommand({ argv: ["aws"], env, timeoutMs: 5_000 })).rejects.toThrow(/absolute folders of PATH/);
    nothingRan();
  });
});

test("a plugin that a kubeconfig names by a relative path is the one beside the kubeconfig", () => {
  const kubeconfig = path.join(folder, "kubeconfig");
  const clusters = [{ name: "c", cluster: { server: "https://api:6443" } }];
  const contexts = [{ name: "c", context: { cluster: "c", user: "u" } }];
  const users = [{ name: "u", user: { exec: { command: "./aws" } } }];
  writeFileSync(kubeconfig, JSON.stringify({ "current-context": "c", clusters, contexts, users }));
  expect(chooseContext({ kubeconfig, env: {} }).user).toMatchObject({ exec: { command: path.join(folder, "aws") } });
});

/** Whoever starts a program has looked it up, or names it by an absolute path. */
test("no other file of src starts programs", () => {
  const src = fileURLToPath(new URL("../../../src", import.meta.url));
  const starters = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && readFileSync(path.join(src, name), "utf8").includes("child_process"))
    .toSorted();
  // start-engine.ts starts process.execPath, keep-command.ts what run-command.ts found.
  expect(starters).toEqual([
    "commands/processes/start-engine.ts",
    "kube/auth/exec-plugin.ts",
    "kube/process/keep-command.ts",
    "kube/process/run-command.ts",
  ]);
});
