import { type CommandLine, parseCommandLine } from "./command-line.ts";
import { pull, repo, show, version } from "./commands/about.ts";
import { get, history, list, status } from "./commands/inspect.ts";
import { install, template } from "./commands/install.ts";
import { rollback } from "./commands/rollback.ts";
import { uninstall } from "./commands/uninstall.ts";
import { upgrade } from "./commands/upgrade.ts";
import { HelmError } from "./helm-error.ts";
import { type HelmIo, openSession, type Session } from "./session.ts";
import { wallClock } from "./wait.ts";

type ClusterCommand = (session: Session, args: readonly string[]) => Promise<void>;

const onCluster: Readonly<Record<string, ClusterCommand>> = {
  install,
  upgrade,
  template,
  list,
  ls: list,
  status,
  history,
  get,
  rollback,
  uninstall,
  delete: uninstall,
};

/** How many names a command cannot do without. */
const leastArguments: Readonly<Record<string, number>> = {
  install: 2,
  upgrade: 2,
  template: 2,
  status: 1,
  history: 1,
  get: 2,
  rollback: 1,
  uninstall: 1,
  delete: 1,
};

/** Returns the exit code; whatever goes wrong is said on stderr as helm says it. */
export async function runHelm(argv: readonly string[], io: HelmIo): Promise<number> {
  try {
    const line = parseCommandLine(argv, process.env.LAB_HELM_MAJOR === "3" ? 3 : 4);
    await run(line, io);
    return 0;
  } catch (error) {
    if (io.signal.aborted) io.warn("Error: context canceled");
    else if (error instanceof HelmError) io.warn(`Error: ${error.message}`);
    else
      io.warn(
        `Error: a bug of the lab's helm: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    return 1;
  }
}

async function run(line: CommandLine, io: HelmIo): Promise<void> {
  warnOfOldFlags(line, io);
  if (line.command === "version") return io.print(version(line));
  if (line.command === "repo") return io.print(repo(line.args));
  if (line.command === "show") return io.print(show(line, line.args));
  if (line.command === "pull") return pull(line, line.args);
  const command = onCluster[line.command];
  if (!command)
    throw new HelmError(
      `unknown command "${line.command}" for "helm" (this is the helm of a Crossfade lab: it knows ${Object.keys(onCluster).join(", ")}, pull, repo, show, version)`,
    );
  const least = leastArguments[line.command] ?? 0;
  if (line.args.length < least)
    throw new HelmError(`"helm ${line.command}" requires at least ${least} argument${least > 1 ? "s" : ""}`);
  await command(line.command === "template" ? dry(line, io) : openSession(line, io), line.args);
}

/** Rendering asks no cluster. */
function dry(line: CommandLine, io: HelmIo): Session {
  const refuse = () => Promise.reject(new HelmError("helm template asks no cluster"));
  const cluster = { server: "", namespace: "default", request: refuse };
  return {
    ...io,
    clock: io.clock ?? wallClock,
    line,
    cluster,
    namespace: line.flags.namespace ?? "default",
    releases: undefined as never,
  };
}

function warnOfOldFlags({ flags, major }: CommandLine, io: HelmIo): void {
  if (major >= 4 && flags.atomic !== undefined)
    io.warn("Flag --atomic has been deprecated, use --rollback-on-failure instead");
}
