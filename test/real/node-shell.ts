import { type Ended, output, run } from "./command.ts";

/** Root on a node, by whatever leads there: the one place that knows how. */
export class NodeShell {
  readonly #argv: readonly string[];

  constructor(argv: readonly string[]) {
    this.#argv = argv;
  }

  #on(node: string): readonly string[] {
    return this.#argv.map((word) => word.replaceAll("{node}", node));
  }

  /** Runs a script by the node's sh. */
  run(node: string, script: string, limitMs = 60_000): Promise<Ended> {
    return run([...this.#on(node), "sh", "-s"], { input: script, limitMs });
  }

  /** The same, for what must succeed. */
  output(node: string, script: string, limitMs = 60_000): Promise<string> {
    return output([...this.#on(node), "sh", "-s"], { input: script, limitMs });
  }
}
