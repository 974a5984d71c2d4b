import { writeFileSync } from "node:fs";
import { scenarios } from "crossfade-lab/scenarios.ts";

const intro = `# Nodes and workloads that misbehave

Made from \`packages/lab/scenarios/\` by \`node scripts/generate-scenarios.ts\`; do not edit.

The embedded cluster can misbehave by name. \`crossfade demo --scenario NAME\` shows what Crossfade makes of it;
\`crossfade lab --scenario NAME\` is the same cluster for kubectl, helm and a second terminal.

What becomes of a node that fails is part of the plan, shown in it and covered by its hash:

| flag | default | what it does |
|---|---|---|
| \`--on-node-failure stop\` | yes | leaves the failed node as it is, cordoned, and asks a person |
| \`--on-node-failure rollback\` | | rolls the node back to the old CNI, then asks |
| \`--on-node-failure skip\` | | rolls it back, excludes it and goes on with the next |
| \`--max-failures N\` | 1 | for \`skip\`: how many failed nodes may be excluded; the next one is rolled back too, and the run asks |
| \`--retries N\` | 1 | how often a failed step is retried by itself, where a retry can help and does no harm: see [steps](steps.md) |
| \`--drain-timeout\`, \`--reboot-timeout\` | 10m, 20m | after this time a drain, or a node that is away, has failed |

In the panel \`o\` shows what can be done about a node, \`r\` retries it, \`u\` rolls it back, \`s\` excludes it. Without a panel the
run ends with exit code 1 where it needs a person, and the node's sentence says what is left to do.
`;

/** docs/scenarios.md, from what the scenarios say of themselves. */
export function scenariosPage(): string {
  const rows = scenarios.map(({ name, summary, answer, options }) => [`\`${name}\``, summary, answer, options]);
  const heads = ["scenario", "what goes wrong", "what Crossfade does", "what you can do"];
  const table = [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${intro}\n${table.join("\n")}\n`;
}

if (import.meta.main) writeFileSync(new URL("../docs/scenarios.md", import.meta.url), scenariosPage());
