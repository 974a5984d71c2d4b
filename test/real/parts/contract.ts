import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../command.ts";
import type { Part } from "../part.ts";

const root = join(import.meta.dirname, "../../..");

interface VitestReport {
  /** False where a suite could not even begin, whose tests then count as skipped. */
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The contract that the lab keeps, put to the API server that it copies. */
export const contract: Part = {
  name: "contract",
  summary: "the contract suite, which the lab passes too",
  async run({ options, tally, folder, kubeconfig }) {
    const report = join(folder, "contract.json");
    const image = options.image === null ? {} : { CROSSFADE_CONTRACT_IMAGE: options.image };
    const vitest = join(root, "node_modules/.bin/vitest");
    const words = ["run", "test/contract", "-t", "a real control plane", "--reporter=json", `--outputFile=${report}`];
    const env = { ...image, CROSSFADE_CONTRACT_KUBECONFIG: kubeconfig };
    const { out, err } = await run([vitest, "--root", root, ...words], { env, limitMs: 1_200_000 });
    let told: VitestReport;
    try {
      told = JSON.parse(readFileSync(report, "utf8")) as VitestReport;
    } catch {
      return tally.check("the contract suite runs", false, `${out}\n${err}`);
    }
    for (const { fullName, status, failureMessages } of told.testResults.flatMap((file) => file.assertionResults)) {
      if (status === "failed") tally.say(`   FAILED: ${fullName}\n${failureMessages.join("\n").slice(0, 800)}`);
    }
    tally.say(`   ${told.numPassedTests} passed, ${told.numFailedTests} failed`);
    tally.add(told.numPassedTests, told.numFailedTests);
    tally.check(
      "every suite could begin, and found the cluster",
      told.success && told.numPassedTests > 50,
      out.slice(-1_000),
    );
  },
};
