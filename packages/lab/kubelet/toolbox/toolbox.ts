import type { ExecResult } from "../../program.ts";
import { ContainerFiles } from "./container-files.ts";
import { fileTools } from "./file-tools.ts";
import { ipset } from "./ipset-tool.ts";
import { iptables, iptablesSave } from "./iptables-tools.ts";
import { ip } from "./link-tools.ts";
import { nft } from "./nft-tool.ts";
import { runShell } from "./shell.ts";
import { textTools } from "./text-tools.ts";
import { failed, printed, type Tool, type ToolScope } from "./tool.ts";

const shells = new Set(["sh", "bash", "ash"]);

const reboot: Tool = (_argv, scope) => {
  if (!scope.canEnterHost) return failed(1, "Failed to connect to bus: No such file or directory");
  scope.rebootHost();
  return printed("");
};

const systemctl: Tool = (argv, scope) =>
  argv.includes("reboot") ? reboot(argv, scope) : failed(1, "systemctl: the lab knows only reboot");

function hostFiles({ machine }: ToolScope): ContainerFiles {
  return new ContainerFiles([{ at: "/", files: machine.disk, base: "/", readOnly: false, isRoot: true }]);
}

/** nsenter [-t 1] -m -n -u … [--] COMMAND: into the machine's own namespaces. */
const nsenter: Tool = (argv, scope) => {
  if (!scope.canEnterHost) return failed(1, "nsenter: cannot open /proc/1/ns: Permission denied");
  const { entered, command } = readNsenter(argv.slice(1));
  const enters = (letter: string) => entered.includes(letter) || entered.includes("a");
  return runTool(command, {
    ...scope,
    ...(enters("m") ? { files: hostFiles(scope) } : {}),
    ...(enters("u") ? { hostname: scope.machine.name } : {}),
    inRootNetwork: scope.inRootNetwork || enters("n"),
  });
};

/** Namespaces by their letter: --mount is m, --all a. */
function readNsenter(words: readonly string[]): { readonly entered: string; readonly command: readonly string[] } {
  let entered = "";
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--") return { entered, command: words.slice(at + 1) };
    if (!word.startsWith("-")) return { entered, command: words.slice(at) };
    if (word === "-t" || word === "--target") at += 1;
    else entered += word.startsWith("--") ? word.charAt(2) : word.slice(1);
  }
  return { entered, command: ["sh"] };
}

/** chroot FOLDER COMMAND, where the folder is the machine's whole disk. */
const chroot: Tool = (argv, scope) => {
  const [, root = "", ...command] = argv;
  if (!scope.files.isFolder(root)) return failed(125, `chroot: cannot change root directory to '${root}'`);
  return runTool(command, { ...scope, files: hostFiles(scope) });
};

/** timeout SECONDS COMMAND, in lab time: what is ended by it exits 124. */
const timeout: Tool = async (argv, scope) => {
  const ends = new AbortController();
  const cancel = scope.clock.after(Number.parseFloat(argv[1] ?? "") * 1_000, () => ends.abort());
  try {
    const signal = AbortSignal.any([scope.signal, ends.signal]);
    const result = await runTool(argv.slice(2), { ...scope, signal });
    return ends.signal.aborted ? { ...result, exitCode: 124 } : result;
  } finally {
    cancel();
  }
};

const which: Tool = (argv) =>
  argv.slice(1).every(knows)
    ? printed(
        argv
          .slice(1)
          .map((name) => `/usr/bin/${name}\n`)
          .join(""),
      )
    : { stdout: "", stderr: "", exitCode: 1 };

const tools: ReadonlyMap<string, Tool> = new Map(
  Object.entries({
    ...fileTools,
    ...textTools,
    ip,
    ipset,
    iptables,
    "iptables-nft": iptables,
    "iptables-legacy": iptables,
    "iptables-save": iptablesSave,
    "iptables-nft-save": iptablesSave,
    "iptables-legacy-save": iptablesSave,
    nft,
    reboot,
    systemctl,
    nsenter,
    chroot,
    timeout,
    which,
  }),
);

function bare(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Whether the toolbox has a command of that name. */
export function knows(name: string): boolean {
  return shells.has(bare(name)) || tools.has(bare(name));
}

/** Runs a command as if the container's image held the usual small tools. */
export async function runTool(argv: readonly string[], scope: ToolScope): Promise<ExecResult> {
  const name = bare(argv[0] ?? "");
  const named = [name, ...argv.slice(1)];
  const own = (await scope.own?.(argv, scope.signal)) ?? null;
  if (own) return own;
  if (shells.has(name)) return runShell(named, scope, runTool);
  const tool = tools.get(name);
  return tool ? tool(named, scope) : notFound(argv[0] ?? "");
}

/** What a container runtime answers when there is no such executable. */
export function notFound(name: string): ExecResult {
  return failed(
    127,
    `OCI runtime exec failed: exec failed: unable to start container process: exec: "${name}": executable file not found in $PATH: unknown`,
  );
}
