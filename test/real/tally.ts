/** Counts what held and what did not, and says each as it comes. */
export class Tally {
  passed = 0;
  failed = 0;
  readonly #failures: string[] = [];
  #part = "";

  begin(part: string): void {
    this.#part = part;
    this.say(`── ${part}`);
  }

  say(line: string): void {
    console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  }

  /** One claim; the detail is shown where it does not hold. */
  check(claim: string, holds: boolean, detail = ""): void {
    if (holds) this.passed += 1;
    else {
      this.failed += 1;
      this.#failures.push(`${this.#part}: ${claim}`);
    }
    const more = holds || detail === "" ? "" : `\n${detail.slice(0, 4_000).replace(/^/gm, "      ")}`;
    this.say(`   ${holds ? "passed" : "FAILED"}: ${claim}${more}`);
  }

  /** Claims that another program counted. */
  add(passed: number, failed: number): void {
    this.passed += passed;
    this.failed += failed;
    if (failed > 0) this.#failures.push(`${this.#part}: ${failed} of ${passed + failed}`);
  }

  summary(): string {
    const lines = this.#failures.map((failure) => `FAILED ${failure}\n`).join("");
    return `${lines}${this.passed} passed, ${this.failed} failed`;
  }
}
