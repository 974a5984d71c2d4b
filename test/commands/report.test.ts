import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Journal } from "../../src/journal/journal.ts";
import { journalPath, journalsFolder } from "../../src/runner/places.ts";
import { commandLine } from "../support/command-line.ts";
import { aFlannelCluster } from "../support/facts.ts";
import { planOf } from "../support/lab/planned.ts";

let folder: string;
let env: Record<string, string>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "report-"));
  env = { HOME: folder, XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder, PATH: "/usr/bin" };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const server = "https://10.0.0.1:6443";
const pathOf = (context: string) => journalPath({ context, server }, env);

/** The journal of a run on this cluster, last written so many minutes ago. */
function journalOf(context: string, minutesAgo: number): string {
  const path = pathOf(context);
  const plan = planOf(aFlannelCluster().facts);
  const journal = new Journal(path);
  journal.open();
  journal.append({
    type: "run-announced",
    at: 1,
    resumed: false,
    plan: { ...plan, cluster: { ...plan.cluster, context } },
  });
  const at = Date.now() / 1000 - minutesAgo * 60;
  utimesSync(path, at, at);
  return path;
}

function kubeconfigOf(context: string): string {
  const file = join(folder, "config");
  const clusters = [{ name: "c", cluster: { server } }];
  const contexts = [{ name: context, context: { cluster: "c", user: "u" } }];
  const users = [{ name: "u", user: { token: "a-token-of-some-length" } }];
  writeFileSync(file, JSON.stringify({ "current-context": context, clusters, contexts, users }));
  return file;
}

test("without a kubeconfig the one journal of this machine is told", async () => {
  journalOf("crossfade-lab", 1);
  const { code, out, err } = await commandLine(env, "report");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("on crossfade-lab");
});

test("of several it is the newest, and the others are named beside it", async () => {
  const older = journalOf("prod", 60);
  const newest = journalOf("crossfade-lab", 1);
  writeFileSync(join(journalsFolder(env), "crossfade-lab-x.2.jsonl"), "");
  const { code, out, err } = await commandLine(env, "report");
  expect(code).toBe(0);
  expect(out).toContain("on crossfade-lab");
  expect(err).toContain(`the newest journal of this machine: ${newest}`);
  expect(err).toContain(`--journal tells another: ${older}`);
  expect(err).not.toContain(".2.jsonl");
  expect((await commandLine(env, "report", "--journal", older)).out).toContain("on prod");
});

test("a kubeconfig's cluster is meant even where only others have a journal", async () => {
  const other = journalOf("crossfade-lab", 1);
  const asked = { ...env, KUBECONFIG: kubeconfigOf("prod") };
  const { code, out, err } = await commandLine(asked, "report");
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(`there is no journal ${pathOf("prod")}`);
  expect(err).toContain(other);
  journalOf("prod", 60);
  expect(await commandLine(asked, "report")).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringContaining("on prod"),
  });
});

test("where nothing was ever run, that is said", async () => {
  const { code, err } = await commandLine(env, "report");
  expect(code).toBe(2);
  expect(err).toContain("no run was made on this machine");
  mkdirSync(journalsFolder(env), { recursive: true });
  expect((await commandLine(env, "report", "--verify")).code).toBe(2);
});

test("a context that was named and is not there is no reason to tell another cluster's run", async () => {
  journalOf("crossfade-lab", 1);
  expect((await commandLine(env, "report", "--context", "prod")).code).toBe(2);
});
