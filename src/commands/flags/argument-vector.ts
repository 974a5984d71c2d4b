import { CommandError } from "../command-error.ts";

/**
 * Splits a command template into arguments at blanks; quotes keep blanks together. There is no shell: no variables, no
 * pipes, and a node's name can never become more than the argument that it stands in.
 */
export function argumentVector(text: string, flag: string): readonly string[] {
  const found: string[] = [];
  const token = /\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/gy;
  let end = 0;
  for (const match of text.matchAll(token)) {
    found.push(match[1] ?? match[2] ?? match[3] ?? "");
    end = match.index + match[0].length;
  }
  if (found.length === 0 || text.slice(end).trim() !== "") {
    throw new CommandError(
      "USAGE",
      `--${flag} cannot be split into arguments`,
      `write it as: ssh {node} sudo systemctl reboot`,
    );
  }
  return found;
}
