// npm run real: what only a real cluster can show, on one that may be lost. See --help.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { builtProgram } from "../support/built-program.ts";
import { output } from "./command.ts";
import { healNetwork } from "./network-faults.ts";
import { type RealOptions, realHelp, realOptions } from "./options.ts";
import type { Part } from "./part.ts";
import { parts } from "./parts.ts";
import { Tally } from "./tally.ts";
import { TestBed } from "./test-bed.ts";

function fail(sentence: string): never {
  process.stderr.write(`npm run real: ${sentence}\n`);
  process.exit(2);
}

function chosen({ only }: RealOptions): readonly Part[] {
  const unknown = only.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0)
    fail(`there is no part ${unknown.join(", ")}: there are ${parts.map(({ name }) => name).join(", ")}`);
  return only.length === 0
    ? parts.filter(({ onlyByName }) => onlyByName !== true)
    : parts.filter(({ name }) => only.includes(name));
}

/** Nobody loses a cluster by a slip: its name is said on the command line or typed. */
async function agreed(options: RealOptions): Promise<void> {
  const jsonpath = "jsonpath={.clusters[0].name} {.clusters[0].cluster.server}";
  const [name = "", server = ""] = (await output(["kubectl", "config", "view", "--minify", "-o", jsonpath])).split(" ");
  if (options.yesBreak === name) return;
  if (options.yesBreak !== null)
    fail(`KUBECONFIG names the cluster ${name} and not ${options.yesBreak}: nothing was done`);
  if (!process.stdin.isTTY) fail(`this breaks the cluster ${name} (${server}): say --yes-break ${name}`);
  const line = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await line.question(`This breaks the cluster ${name} (${server}). Type its name to go on: `);
  line.close();
  if (typed.trim() !== name) fail("that is not its name: nothing was done");
}

/** A part that breaks down has shown nothing, which is a failure; the cluster's network is healed in any case. */
async function play(part: Part, bed: TestBed): Promise<void> {
  const began = Date.now();
  bed.tally.begin(part.name);
  try {
    await part.run(bed);
  } catch (thrown) {
    const story = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    bed.tally.check("the part runs to its end", false, story);
    await healNetwork(bed).catch(() => undefined);
  } finally {
    bed.endEngines();
  }
  bed.tally.say(`   ${part.name}: ${Math.round((Date.now() - began) / 1000)} s`);
}

async function main(): Promise<void> {
  const options = realOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(realHelp);
  if (options.list)
    return void process.stdout.write(parts.map(({ name, summary }) => `${name.padEnd(16)} ${summary}\n`).join(""));
  const wanted = chosen(options);
  const kubeconfig = process.env.KUBECONFIG;
  if (kubeconfig === undefined || kubeconfig === "") fail("KUBECONFIG must name the cluster that may be broken");
  await agreed(options);
  const { program, remove } = builtProgram();
  const tally = new Tally();
  const folder = mkdtempSync(join(tmpdir(), "crossfade-real-"));
  const bed = new TestBed(options, tally, { program, folder, kubeconfig });
  tally.say(`${(await bed.kubectl("version")).trim().replaceAll("\n", ", ")}; files in ${folder}`);
  try {
    for (const part of wanted) await play(part, bed);
  } finally {
    remove();
  }
  console.log(tally.summary());
  process.exitCode = tally.failed === 0 ? 0 : 1;
}

await main();
