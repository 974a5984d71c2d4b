import type { Command, Flags } from "./command.ts";
import { exitCodeHelp } from "./exit-codes.ts";

const columns = (left: string, right: string, width: number) =>
  left.length < width ? `  ${left.padEnd(width)}${right}` : `  ${left}\n  ${" ".repeat(width)}${right}`;

function flagLines(flags: Flags): readonly string[] {
  return Object.entries(flags).map(([name, { value, help, short }]) =>
    columns(`${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`, help, 28),
  );
}

/** What `crossfade --help` prints. */
export function programHelp(commands: readonly Command[]): string {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  return [
    "crossfade moves a live Kubernetes cluster from the CNI it has to Cilium, node by node.",
    "",
    "usage: crossfade [command] [flags]",
    "",
    ...shown.map(({ name, operands, summary }) =>
      columns(name === "" ? "(no command)" : `${name}${operands ? ` ${operands}` : ""}`, summary, 22),
    ),
    "",
    "Every command explains its flags: crossfade COMMAND --help",
    "",
    "exit codes:",
    ...exitCodeHelp.map(([code, meaning]) => columns(String(code), meaning, 6)),
    "",
  ].join("\n");
}

/** What `crossfade COMMAND --help` prints. */
export function commandHelp({ name, operands, summary, flags }: Command): string {
  const usage = ["crossfade", name, operands, "[flags]"].filter((part) => part !== undefined && part !== "").join(" ");
  return [`${summary}.`, "", `usage: ${usage}`, "", ...flagLines(flags), ""].join("\n");
}
