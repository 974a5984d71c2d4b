import { writeFileSync } from "node:fs";
import { bindings } from "../src/store/keys/bindings.ts";

const intro = `# Keys

Made from \`src/store/keys/bindings*.ts\` by \`node scripts/generate-keys.ts\`; do not edit. In the panel \`?\` shows the same list, and
says of every inactive key why it does nothing.

No single letter changes the cluster: \`m\`, \`u\`, \`U\`, \`r\`, \`s\`, \`o\` and \`b\` act on the marked nodes, or else on the
one under the cursor, and open a dialog that names them. In every dialog Enter confirms and Esc closes. The first answer of a list
does nothing. To roll back the whole run you type the number of nodes; for the point of no return, the cluster's name. A text that does
not fit into the terminal must be read with PgDn before it can be confirmed. Keys within 300 ms of a dialog's opening, and keys of the
same burst, are ignored. A pasted name is filled in where the terminal reports a paste; Enter, pressed by itself, confirms it.

## The bell, the title and notifications

During a run the terminal's title shows its state. When the run asks something, fails or ends, the bell rings and, in terminals
known to support it (iTerm2, WezTerm, kitty, Ghostty, foot), a notification is sent with OSC 9.
\`--alert bell,title,notification\` chooses; \`--alert none\` is silent. The title is reset when the panel is left.
`;

/** A table as the formatter wants it: columns as wide as their widest cell. */
function table(rows: readonly (readonly [key: string, what: string])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const [head = ["", ""], ...others] = rows;
  return [line(head, " "), line(["", ""], "-"), ...others.map((row) => line(row, " "))].join("\n");
}

const asCode = (shown: string): string =>
  shown
    .split(" ")
    .map((key) => `\`${key}\``)
    .join(" ");

/** docs/keys.md, from the bindings. */
export function keysPage(): string {
  const groups = [...new Set(bindings.map(({ group }) => group))];
  const sections = groups.map((group) => {
    const rows = bindings.filter((binding) => binding.group === group);
    return `## ${group}\n\n${table([["key", "what it does"], ...rows.map(({ shown, help }) => [asCode(shown), help] as const)])}\n`;
  });
  return [intro, ...sections].join("\n");
}

if (import.meta.main) writeFileSync(new URL("../docs/keys.md", import.meta.url), keysPage());
