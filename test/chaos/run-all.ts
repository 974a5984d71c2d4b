// npm run chaos: every suite below this folder in full size, one after the other. `npm run chaos -- crash lease` runs those two,
// `--short` the part of them that npm test runs. Ends with the sum; exit code 1 where anything went wrong.
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ChaosResult, nothingRun, type Size, type Suite, summaryLine, together } from "./result.ts";

const { values, positionals } = parseArgs({ options: { short: { type: "boolean" } }, allowPositionals: true });
const size: Size = values.short === true ? "short" : "full";

const folder = new URL("./", import.meta.url);
const known = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith("/suite.ts"))
  .map((path) => path.slice(0, -"/suite.ts".length))
  .toSorted();

const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`there is no chaos suite ${unknown.join(", ")}: there are ${known.join(", ")}`);
  process.exit(2);
}

/** A suite that breaks down has shown nothing, which is as wrong as a run that ended wrong. */
async function play(name: string): Promise<ChaosResult> {
  try {
    const { run } = (await import(new URL(`${name}/suite.ts`, folder).href)) as { readonly run: Suite };
    return await run(size, (line) => console.log(`   ${line}`));
  } catch (thrown) {
    const story = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { ...nothingRun, wrong: [{ what: `the suite ${name} broke down`, seed: 0, story }] };
  }
}

let sum = nothingRun;
for (const name of positionals.length > 0 ? positionals : known) {
  console.log(`── ${name}`);
  const began = performance.now();
  const result = await play(name);
  for (const { what, seed, story } of result.wrong) console.log(`WRONG, seed ${seed}: ${what}\n${story}\n`);
  console.log(`${summaryLine(name, result)} (${Math.round((performance.now() - began) / 1000)} s)`);
  sum = together(sum, result);
}
console.log(`\n${summaryLine("all", sum)}`);
process.exit(sum.wrong.length === 0 && sum.runs > 0 ? 0 : 1);
