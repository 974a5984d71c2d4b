import type { CheckResult } from "../../../src/engine/model/check-result.ts";
import type { SaidCheck } from "../../../src/words/check-words.ts";
import { said } from "../said.ts";
import { saidCheck } from "../said-check.ts";
import type { ScenarioRun } from "./scenario-run.ts";

/** What an operator is told of one run on a misbehaving lab, and how far its first worker is. */
export class Told {
  readonly story: ScenarioRun;

  constructor(story: ScenarioRun) {
    this.story = story;
  }

  podsOf(app: string) {
    return this.story.cluster
      .pods()
      .filter(({ metadata }) => metadata.labels?.app === app && !metadata.deletionTimestamp);
  }

  /** A check's answer before the run. */
  said(check: string): CheckResult & SaidCheck {
    const checkResults = this.story.run.of("run-announced").at(-1)?.plan.checkResults ?? [];
    const found = checkResults.find((result) => result.check === check);
    if (!found) throw new Error(`preflight said nothing of ${check}`);
    return saidCheck(found);
  }

  /** Waits until worker-1 is held so; answers what clears it. */
  async held(because: RegExp): Promise<string> {
    const { run } = this.story;
    const holds = () => run.of("node-held").flatMap(({ node, hold }) => (node === "worker-1" && hold ? [hold] : []));
    const fits = () => holds().findLast((hold) => because.test(said(hold).because));
    await run.until(`worker-1 held by ${because}`, () => fits() !== undefined, 60_000);
    return said(fits()).clearedBy;
  }

  get drainedInMs(): number | undefined {
    const ends = this.story.run.of("node-step-finished");
    return ends.find(({ node, step }) => node === "worker-1" && step === "drain")?.tookMs;
  }

  drained(): Promise<void> {
    return this.story.run.until("worker-1 to be drained", () => this.drainedInMs !== undefined, 60_000);
  }

  moved(node = "worker-1"): Promise<void> {
    return this.story.run.until(`${node} to be moved`, ({ nodes }) => nodes[node]?.state.phase === "migrated", 60_000);
  }
}
