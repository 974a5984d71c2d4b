import { writeFileSync } from "node:fs";
import type { Rule } from "../src/engine/decide/rule.ts";
import { rules } from "../src/engine/decide/rules.ts";

const intro = `# Decision

Made from \`src/engine/decide/rules*.ts\` by \`node scripts/generate-decision.ts\`; do not edit.

At every look at the cluster the engine does one thing. These rules are asked in this order, and the first that has
something to say decides; the others are not asked. Every node that is not worked on is given a reason why. The same state
of the run and the same nodes always give the same decision: nothing else is looked at.
`;

const sections = [
  { title: "Always", direction: undefined },
  { title: "While everything is rolled back", direction: "back" },
  { title: "While nodes are moved to Cilium", direction: "forward" },
] as const;

const all: readonly Rule[] = rules;

/** The page as it is to be. */
export function decisionPage(): string {
  const tables = sections.map(({ title, direction }) => {
    const rows = all.flatMap((rule, at) =>
      rule.direction === direction ? [`| ${at + 1} | \`${rule.name}\` | ${rule.says} |`] : [],
    );
    return `\n## ${title}\n\n| # | rule | what it says |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return intro + tables.join("");
}

if (import.meta.main) writeFileSync(new URL("../docs/decision.md", import.meta.url), decisionPage());
