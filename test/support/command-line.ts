import { PassThrough } from "node:stream";
import { main } from "../../src/cli.ts";

/** Runs one command line in this process, without a terminal, and answers what it said and how it ended. */
export async function commandLine(env: Record<string, string>, ...argv: readonly string[]) {
  const texts = { out: "", err: "" };
  const into = (name: "out" | "err") =>
    Object.assign(new PassThrough(), {
      write: (text: string) => {
        texts[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const code = await main(argv, {
    env,
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    stdout: into("out"),
    stderr: into("err"),
    signal: new AbortController().signal,
  });
  return { code, ...texts };
}

/** The same with a lab's environment, and everything that a run keeps on its machine in this folder. */
export const commandLineIn = (environment: NodeJS.ProcessEnv, folder: string, ...argv: readonly string[]) =>
  commandLine(
    { ...(environment as Record<string, string>), HOME: folder, XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder },
    ...argv,
  );

/** What stderr says but for the waits of more than a second, which any command that acts tells there under load. */
export const complaintsIn = (stderr: string): readonly string[] =>
  stderr.split("\n").filter((line) => line !== "" && !/ at the latest$| is waited for | is given up after /.test(line));
