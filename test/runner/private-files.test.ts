import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join, relative } from "node:path";
import { createLabHome } from "crossfade-lab/lab-home.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { nothingYet } from "../../src/engine/model/state.ts";
import { Journal } from "../../src/journal/journal.ts";
import { engineLogPath, journalPath, socketPath } from "../../src/runner/places.ts";
import { serveRun } from "../../src/runner/socket-server.ts";
import { logEvent } from "../support/log-line.ts";
import { mode, withPrivateFolder } from "../support/private-folder.ts";
import { inWords } from "../support/said.ts";

let folder = "";
const current = withPrivateFolder("crossfade-private-");
beforeEach(() => {
  folder = current();
});

const event = logEvent("x");
const cluster = { context: "prod", server: "https://api:6443" };

describe("with a umask of 0", () => {
  test("the journal and every folder made for it open for their owner only", () => {
    const path = journalPath(cluster, { XDG_STATE_HOME: join(folder, "a/b") });
    const journal = new Journal(path);
    journal.open();
    journal.append(event);
    journal.close();
    expect([mode(path), mode(dirname(path)), mode(join(folder, "a"))]).toEqual([0o600, 0o700, 0o700]);
  });

  test("a journal that was left open to others is closed to them", () => {
    const path = join(folder, "old.jsonl");
    writeFileSync(path, "", { mode: 0o644 });
    const journal = new Journal(path);
    journal.open();
    journal.append(event);
    journal.close();
    expect([mode(path), journal.trouble]).toEqual([0o600, null]);
  });

  test("a link in the journal's place is not followed", () => {
    const victim = join(folder, "victim");
    const path = join(folder, "run.jsonl");
    writeFileSync(victim, "");
    symlinkSync(victim, path);
    const journal = new Journal(path);
    journal.open();
    journal.append(event);
    journal.close();
    expect(readFileSync(victim, "utf8")).toBe("");
    expect(journal.trouble).toMatch(/cannot be written/);
  });

  test("the socket, its folder, and the lab's files open for their owner only", async () => {
    const path = socketPath(cluster, { XDG_RUNTIME_DIR: folder });
    const server = await serveRun(path, { state: () => nothingYet, ask: () => Promise.resolve(null) });
    expect([mode(path), mode(dirname(path))]).toEqual([0o600, 0o700]);
    await server.close();
    const lab = createLabHome({
      url: "http://x",
      secureUrl: "https://x",
      certificateAuthority: "",
      token: "t",
      speed: 1,
    });
    const home = dirname(lab.kubeconfig);
    expect([home, lab.kubeconfig, join(home, "lab.json"), join(lab.binDir, "helm"), lab.binDir].map(mode)).toEqual([
      0o700, 0o600, 0o600, 0o700, 0o700,
    ]);
    lab.remove();
    expect(existsSync(home)).toBe(false);
  });
});

describe("a runtime folder that is not ours alone is refused", () => {
  const path = () => socketPath(cluster, { XDG_RUNTIME_DIR: folder });

  test("one that others may enter", () => {
    mkdirSync(join(folder, "crossfade"), { mode: 0o755 });
    chmodSync(join(folder, "crossfade"), 0o755);
    expect(inWords(path)).toThrow(/only you can enter/);
  });

  test("a link to one of ours", () => {
    mkdirSync(join(folder, "elsewhere"), { mode: 0o700 });
    symlinkSync(join(folder, "elsewhere"), join(folder, "crossfade"));
    expect(inWords(path)).toThrow(/only you can enter/);
  });

  test("a file", () => {
    writeFileSync(join(folder, "crossfade"), "");
    expect(path).toThrow();
  });
});

test.each(["..", "../../etc/passwd", "a/../../b", "/etc/passwd", "\0", "-rf", "x".repeat(5000), "漢字", ""])(
  "the context %j leads out of no folder",
  (context) => {
    const env = { XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder };
    for (const path of [
      journalPath({ ...cluster, context }, env),
      engineLogPath({ ...cluster, context }, env),
      socketPath({ ...cluster, context }, env),
    ]) {
      expect(relative(join(folder, "crossfade"), path)).toMatch(/^[\w.-]{1,120}$/);
      expect(dirname(path)).toBe(join(folder, "crossfade"));
    }
  },
);

test("nothing that connects can end the engine, whatever JSON it speaks", async () => {
  const path = join(folder, "run.sock");
  const asked: unknown[] = [];
  const server = await serveRun(path, {
    state: () => nothingYet,
    ask: (request) => {
      asked.push(request);
      return Promise.resolve(null);
    },
  });
  const lines = ["null", "1", '"x"', "[]", "{}", '{"id":1}', '{"id":1,"body":null}', '{"__proto__":{"id":1}}', "{"];
  for (const line of lines) {
    const socket = createConnection(path);
    socket.resume();
    socket.on("error", () => undefined);
    socket.write(`${line}\n`);
    await new Promise((resolve) => socket.once("close", resolve));
  }
  expect(asked).toEqual([]);
  const fine = createConnection(path);
  fine.write('{"line":"request","id":7,"body":{"request":"pause","by":"me"}}\n');
  const heard = await new Promise<string>((resolve) => {
    let text = "";
    fine.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes('"answer"')) resolve(text);
    });
  });
  fine.destroy();
  expect(heard).toContain('"id":7');
  expect(statSync(path).isSocket()).toBe(true);
  await server.close();
});
