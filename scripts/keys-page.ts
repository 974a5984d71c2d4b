import { writeFileSync } from "node:fs";
import { bindings } from "../src/store/bindings.ts";

const intro = `# Keys

Made from \`src/store/bindings*.ts\` by \`node scripts/keys-page.ts\`; do not edit. In the panel \`?\` shows the same list, and
says of every key that does nothing at the moment why it does not.

No single letter changes the cluster by itself: \`m\`, \`u\`, \`U\`, \`s\` and \`o\` open a dialog whose first answer is the safe one.
Undoing everything wants the number of nodes typed; the point of no return wants the cluster's name. Keys within 300 ms of a
dialog's opening, keys of the same burst, and pasted text answer nothing.
`;

/** docs/keys.md, from the bindings. */
export function keysPage(): string {
  const groups = [...new Set(bindings.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const rows = bindings
      .filter((binding) => binding.group === group)
      .map(
        ({ shown, help }) =>
          `| ${shown
            .split(" ")
            .map((key) => `\`${key}\``)
            .join(" ")} | ${help} |`,
      );
    return [`## ${group}`, "", "| key | what it does |", "|---|---|", ...rows, ""].join("\n");
  });
  return [intro, ...tables].join("\n");
}

if (import.meta.main) writeFileSync(new URL("../docs/keys.md", import.meta.url), keysPage());
