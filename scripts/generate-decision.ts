import { writeFileSync } from "node:fs";
import { ruleTables } from "../src/engine/decide/rules.ts";

const intro = `# Decision

Made from \`src/engine/decide/rules*.ts\` by \`node scripts/generate-decision.ts\`; do not edit.

At every look at the cluster the engine does one thing. These rules are asked in this order, and the first that has
something to say decides; the others are not asked. Every node that is not worked on is given a reason why. The same state
of the run and the same nodes always give the same decision: nothing else is looked at.
`;

const sections = [
  { title: "Always", table: "always" },
  { title: "While everything is rolled back", table: "rollback" },
  { title: "While nodes are moved to Cilium", table: "forward" },
] as const;

/** The page as it is to be. */
export function decisionPage(): string {
  const inOrder = sections.flatMap(({ table }) => ruleTables[table].map(({ name }): string => name));
  const tables = sections.map(({ title, table }) => {
    const rows = ruleTables[table].map(({ name, says }) => `| ${inOrder.indexOf(name) + 1} | \`${name}\` | ${says} |`);
    return `\n## ${title}\n\n| # | rule | what it says |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return intro + tables.join("");
}

if (import.meta.main) writeFileSync(new URL("../docs/decision.md", import.meta.url), decisionPage());
